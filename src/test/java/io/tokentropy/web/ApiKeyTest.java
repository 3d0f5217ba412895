package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.exchange.Probes;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.yaml.snakeyaml.Yaml;

/** The service with API keys. */
@ExtendWith(OutputCaptureExtension.class)
class ApiKeyTest extends ServiceTest {
  private static final String BODY = "{\"logits\":[[0,0]]}";

  /** What is the same for everybody, and holds nothing of anybody. */
  private static final Set<String> PAGES =
      Set.of(
          "/",
          "/docs",
          "/guide",
          "/guide/{page}",
          "/openapi.yaml",
          "/openapi.json",
          "/openapi/from-code/swagger-config",
          "/problems",
          "/problems/{slug}");

  @TempDir private static Path folder;

  private static Path file;

  @Autowired private Map<String, RequestMappingInfoHandlerMapping> mappings;

  @BeforeAll
  static void aFileOfOneKey() throws Exception {
    file = folder.resolve("keys");
    Files.writeString(file, "# the second team\n" + sha256("filed") + "\n");
  }

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("tokentropy.auth.mode", () -> "api-key");
    registry.add("tokentropy.auth.api-keys", () -> sha256("first") + "," + sha256("second"));
    registry.add("tokentropy.auth.api-keys-file", () -> file.toString());
  }

  private static String sha256(String key) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private Reply ask(String authorization) {
    HttpRequest.Builder request =
        request("/v1/entropy")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(BODY));
    return send(authorization == null ? request : request.header("Authorization", authorization));
  }

  @Test
  void everyConfiguredKeyOpensTheService() {
    for (String key : List.of("first", "second", "filed")) {
      ask("Bearer " + key).ok();
      ask("bearer " + key).ok();
    }
  }

  @Test
  void anythingElseIsRefused(CapturedOutput log) {
    for (String header :
        List.of(
            "Bearer third", "Bearer ", "Bearer", "first", "Basic first", "Bearer firstsecond")) {
      Reply refused = ask(header).problem(401, "unauthorized");
      assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
    }
    ask(null).problem(401, "unauthorized");
    ask("Bearer " + sha256("first")).problem(401, "unauthorized");
    assertThat(log.getAll()).doesNotContain("third", "firstsecond");
  }

  /** Every path of the contract and every one that Spring serves, with every method. */
  @Test
  void noRouteIsForgotten() throws IOException {
    var paths = new TreeSet<String>();
    JSON.valueToTree(new Yaml().<Object>load(Files.readString(Path.of("openapi/tokentropy.yaml"))))
        .get("paths")
        .propertyNames()
        .forEach(paths::add);
    mappings.values().stream()
        .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
        .forEach(mapping -> paths.addAll(mapping.getPatternValues()));
    assertThat(paths).hasSizeGreaterThan(25).contains("/v1/batch", "/actuator/prometheus");
    for (String path : paths) {
      String concrete = path.replaceAll("\\{[^}]*}", "x").replace("**", "x").replace("*", "x");
      for (String method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD")) {
        int status =
            send(request(concrete).method(method, HttpRequest.BodyPublishers.noBody())).status();
        boolean page = PAGES.contains(path) && (method.equals("GET") || method.equals("HEAD"));
        assertThat(status == 401)
            .as(method + " " + path)
            .isEqualTo(!Probes.OPEN.contains(path) && !page);
      }
    }
  }

  @Test
  void everyRouteButTheProbesAndThePagesWantsAKey() {
    for (String path :
        List.of(
            "/v1/limits",
            "/v1/methods",
            "/v1/entropy?probs=1",
            "/metrics",
            "/version",
            "/openapi/from-code",
            "/problems/unauthorized/x",
            "/swagger-ui/../v1/limits",
            "/swagger-ui/..;/v1/limits",
            "/docs/../v1/limits",
            "/docs;x=/v1/limits",
            "/guide/../v1/limits",
            "/guide/a/../../v1/limits",
            "//v1/limits",
            "/swagger-ui/index.html/../../v1/limits",
            "/actuator",
            "/actuator/prometheus",
            "/nowhere",
            "/health/../v1/limits",
            "/health;x=/v1/limits")) {
      assertThat(get(path).status()).as(path).isIn(400, 401);
    }
    for (String path :
        List.of(
            "/",
            "/docs",
            "/guide",
            "/guide/guide.css",
            "/swagger-ui/index.html",
            "/swagger-ui/swagger-ui.css",
            "/swagger-ui/swagger-initializer.js",
            "/openapi/from-code/swagger-config",
            "/openapi.json",
            "/problems",
            "/problems/unauthorized")) {
      assertThat(get(path).status()).as(path).isIn(200, 302);
    }
    for (String path : List.of("/health", "/livez", "/ready", "/readyz", "/actuator/health")) {
      assertThat(get(path).status()).as(path).isEqualTo(200);
    }
  }

  @Test
  void keysOfTheFileComeAndGoWithoutARestart() throws IOException {
    ask("Bearer later").problem(401, "unauthorized");
    Files.writeString(file, sha256("filed") + "\n" + sha256("later") + "\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    ask("Bearer later").ok();
    Files.writeString(file, "garbage\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
    ask("Bearer later").ok();
    Files.writeString(file, sha256("filed") + "\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(15)));
    ask("Bearer later").problem(401, "unauthorized");
    ask("Bearer filed").ok();
  }

  /** As long, written in place, and with the time of before: only what stands in it is another. */
  @Test
  void aKeyThatWasReplacedWithinTheSameSecondIsClosed() throws Exception {
    FileTime time = FileTime.from(Instant.now().plusSeconds(20));
    Files.writeString(file, sha256("revoked") + "\n");
    Files.setLastModifiedTime(file, time);
    ask("Bearer revoked").ok();
    Files.writeString(file, sha256("filed") + "\n");
    Files.setLastModifiedTime(file, time);
    for (int i = 0; i < 100 && ask("Bearer revoked").status() == 200; i++) {
      Thread.sleep(100);
    }
    ask("Bearer revoked").problem(401, "unauthorized");
    ask("Bearer filed").ok();
  }

  /** Every call reads it, and none but the first says so. */
  @Test
  void aFileThatIsGoneClosesItsKeysAndFillsNoLog(CapturedOutput log) throws Exception {
    Path away = folder.resolve("away");
    Files.move(file, away);
    try {
      for (int i = 0; i < 100 && ask("Bearer filed").status() == 200; i++) {
        Thread.sleep(100);
      }
      ask("Bearer filed").problem(401, "unauthorized");
      ask("Bearer first").ok();
      assertThat(log.getAll().split("the file of API keys cannot be read", -1)).hasSize(2);
    } finally {
      Files.move(away, file);
    }
    for (int i = 0; i < 100 && ask("Bearer filed").status() != 200; i++) {
      Thread.sleep(100);
    }
    ask("Bearer filed").ok();
  }
}
