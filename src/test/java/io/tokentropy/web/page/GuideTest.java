package io.tokentropy.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.Reply;
import io.tokentropy.web.ServiceTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/** The site at {@code /guide}, as a browser and as curl get it. */
class GuideTest extends ServiceTest {
  private static final Pattern LINK = Pattern.compile(" (?:href|src)=\"([^\"]+)\"");
  private static final Pattern ANCHOR = Pattern.compile(" id=\"([^\"]+)\"");

  private Reply browse(String path) {
    return send(request(path).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
  }

  private static Set<String> all(Pattern pattern, String html) {
    return pattern
        .matcher(html)
        .results()
        .map((MatchResult found) -> HtmlUtils.htmlUnescape(found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** From the first page on; what is outside the guide is looked at, and not gone on from. */
  @Test
  void everyLinkOfTheSiteLeadsToAPageAndToAnAnchorOfIt() {
    var links = new HashMap<String, Set<String>>();
    var anchors = new HashMap<String, Set<String>>();
    var broken = new TreeSet<String>();
    var ahead = new ArrayDeque<>(List.of("/guide"));
    while (!ahead.isEmpty()) {
      String page = ahead.pop();
      if (links.containsKey(page)) {
        continue;
      }
      Reply reply = browse(page);
      if (reply.status() != 200 && reply.status() != 302) {
        broken.add(page + " is " + reply.status());
      }
      boolean html = page.startsWith("/guide") && reply.header("Content-Type").contains("html");
      links.put(page, html ? all(LINK, reply.text()) : Set.of());
      anchors.put(page, html ? all(ANCHOR, reply.text()) : Set.of());
      links.get(page).stream()
          .filter(link -> link.startsWith("/"))
          .forEach(link -> ahead.add(link.replaceFirst("#.*", "")));
    }
    links.forEach(
        (page, targets) ->
            targets.stream()
                .filter(link -> link.contains("#") && link.matches("[/#].*"))
                .forEach(
                    link -> {
                      String[] parts = link.split("#", 2);
                      String target = parts[0].isEmpty() ? page : parts[0];
                      if (target.startsWith("/guide") && !anchors.get(target).contains(parts[1])) {
                        broken.add(page + " links to " + link);
                      }
                    }));
    assertThat(broken).isEmpty();
    assertThat(links).hasSizeGreaterThan(50).containsKeys("/guide/ead.svg", "/openapi.yaml");
  }

  @Test
  void everyMarkdownOfTheDocsIsAPageInTheNavigation() throws IOException {
    Set<String> shown = all(LINK, browse("/guide").ok().text());
    try (var docs = Files.walk(Path.of("src/docs"))) {
      for (Path file : (Iterable<Path>) docs.filter(f -> f.toString().endsWith(".md"))::iterator) {
        String name =
            Path.of("src/docs").relativize(file).toString().replace(".md", "").replace('/', '-');
        if (!name.equals("README")) {
          assertThat(shown).contains("/guide/" + name.toLowerCase(Locale.ROOT));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/guide,                     text/plain,       src/docs/README.md",
    "/guide/ead,                 text/plain,       src/docs/ead.md",
    "/guide/adr-0003-no-state-on-the-server, text/plain,"
        + " src/docs/adr/0003-no-state-on-the-server.md",
    "/guide/ead.svg,             image/svg+xml,    src/docs/ead.svg",
    "/guide/examples-fields-fields.py, text/plain, src/examples/fields/fields.py",
    "/guide/guide.js,            text/javascript,  src/build/guide/guide.js",
    "/guide/guide.css,           text/css,         src/build/guide/guide.css"
  })
  void filesComeAsTheyStandAndPagesAsMarkdownToCurl(String path, String type, Path file)
      throws IOException {
    Reply reply = get(path).ok();
    assertThat(reply.header("Content-Type")).startsWith(type);
    assertThat(reply.body()).isEqualTo(Files.readAllBytes(file));
  }

  /** Nothing from elsewhere, and nothing inline. */
  @Test
  void aPageRunsAndLoadsNothingButTheFilesOfTheService() {
    Reply page = browse("/guide/ead").ok();
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .doesNotContain("unsafe");
    assertThat(page.text())
        .contains("<title>Switching between two models · Tokentropy</title>")
        .doesNotContain("<style", " style=", " onclick=")
        .doesNotContainPattern("<script(?! type=\"module\" src=\"/guide/)");
  }

  @Test
  void theIndexOfTheSearchHasEverySectionOnceWithItsText() {
    JsonNode index = get("/guide/search.json").ok().json();
    Map<String, String> texts =
        index
            .valueStream()
            .collect(Collectors.toMap(s -> s.get(0).asString(), s -> s.get(3).asString()));
    assertThat(texts.get("/guide/conformal#what-is-promised-and-what-is-not"))
        .contains("exchangeable");
    assertThat(texts.get("/guide/glossary")).contains("unit", "nat");
    assertThat(get("/guide/search.json").body().length).isLessThan(400_000);
  }

  @Test
  void whatIsNoPageIsNotFound() {
    for (String path : List.of("/guide/nothing", "/guide/files.txt", "/guide/..%2fopenapi")) {
      assertThat(get(path).status()).as(path).isIn(400, 404);
    }
    get("/guide/nothing").problem(404, "not_found");
    get("/guide/").problem(404, "not_found");
  }

  @Test
  void startPageProblemsAndSwaggerLeadToIt() {
    assertThat(browse("/").text()).contains("href=\"/guide\"");
    assertThat(browse("/problems/not-finite").text()).contains("href=\"/guide\"");
    assertThat(get("/problems/not-finite").text()).contains("/guide\n");
    assertThat(get("/openapi.json").at("/info/description").asString()).contains("(/guide)");
  }
}
