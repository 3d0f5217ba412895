package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** The page for browsers and its files, where every call wants a key. */
@TestPropertySource(
    properties = {
      "tokentropy.auth.mode=api-key",
      // SHA-256 of "first"
      "tokentropy.auth.api-keys=a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e"
    })
class PlaygroundTest extends ServiceTest {
  private static final Path FILES = Path.of("src/main/resources/pages/playground");
  private static final Pattern NAMED =
      Pattern.compile("(?:href|src)=\"(playground/[^\"]+)\"|(?:from|import\\() ?\"(\\./[^\"]+)\"");

  private Reply page() {
    return send(request("/").header("Accept", "text/html,*/*")).ok();
  }

  @Test
  void everyFileThatThePageNamesIsServedWithoutAKey() throws IOException {
    int named = 0;
    try (Stream<Path> scripts = Files.list(FILES)) {
      String all =
          page().text()
              + String.join(
                  "\n",
                  scripts
                      .filter(f -> f.toString().endsWith(".js"))
                      .map(PlaygroundTest::text)
                      .toList());
      for (var found = NAMED.matcher(all); found.find(); named++) {
        String path =
            found.group(1) != null
                ? "/" + found.group(1)
                : found.group(2).replace("./", "/playground/");
        assertThat(get(path).ok().body()).as(path).isNotEmpty();
      }
    }
    assertThat(named).isGreaterThan(30);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A strict policy is worth nothing where the page itself would break it. */
  @Test
  void thePageHasNoScriptOrStyleOfItsOwn() {
    assertThat(page().header("Content-Security-Policy"))
        .contains(
            "default-src 'none'",
            "script-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'")
        .doesNotContain("unsafe", "*", "data:");
    assertThat(page().text())
        .doesNotContainPattern(
            "<style|<script(?! (type=\"module\""
                + " )?src=)|\\son[a-z]+=|\\sstyle=|https?://(?!localhost|127)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/playground/main.js", "/playground/base.css", "/playground/icon.svg"})
  void whatABrowserHasIsNotSentAgain(String path) {
    Reply first = send(request(path).header("Accept", "text/html,*/*")).ok();
    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    String tag = first.header("ETag");
    Reply again =
        send(request(path).header("Accept", "text/html,*/*").header("If-None-Match", tag));
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    Reply other =
        send(request(path).header("Accept", "text/html,*/*").header("If-None-Match", "\"other\""));
    assertThat(other.ok().body()).isEqualTo(first.body());
  }

  @Test
  void whoTakesGzipGetsTheSameInFewerBytes() throws IOException {
    String path = "/playground/uPlot.esm.js";
    Reply plain = send(request(path).header("Accept-Encoding", "gzip;q=0, identity")).ok();
    Reply packed = send(request(path).header("Accept-Encoding", "br, gzip")).ok();
    assertThat(plain.header("Content-Encoding")).isEmpty();
    assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(packed.header("Vary")).contains("Accept-Encoding");
    assertThat(packed.header("ETag")).isNotEqualTo(plain.header("ETag"));
    assertThat(packed.body().length).isLessThan(plain.body().length / 3);
    var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()));
    assertThat(unpacked.readAllBytes()).isEqualTo(plain.body());
  }

  @Test
  void otherPathsAndMethodsAreProblems() {
    get("/playground/none.js").problem(404, "not_found");
    for (String path :
        List.of("/playground/", "/playground/../playground.html", "/playground/%2e%2e/page.html")) {
      assertThat(get(path).status()).as(path).isIn(400, 401, 404);
    }
    post("/playground/main.js", "{}").problem(401, "unauthorized");
    Reply posted =
        send(
            request("/playground/main.js")
                .header("Authorization", "Bearer first")
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));
    assertThat(posted.problem(405, "method_not_allowed").header("Allow")).contains("GET");
  }

  @Test
  void theVendoredChartBearsItsLicence() throws IOException {
    String head = Files.readString(FILES.resolve("uPlot.esm.js")).substring(0, 300);
    assertThat(head).contains("Leon Sorokin", "MIT Licensed", "1.6.32");
    assertThat(new String(get("/playground/uPlot.licence.txt").ok().body(), StandardCharsets.UTF_8))
        .contains("The MIT License");
  }
}
