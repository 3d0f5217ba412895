package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.TestPropertySource;

/** The service with keys, and with a port of its own for those who watch it. */
@TestPropertySource(
    properties = {
      "management.server.port=0",
      "tokentropy.auth.mode=api-key",
      "tokentropy.auth.api-keys=${key.hash}",
      "key.hash=2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    })
class ManagementPortTest extends ServiceTest {
  /** Its SHA-256 is in the settings above. */
  private static final String KEY = "foo";

  @LocalManagementPort private int port;

  private HttpRequest.Builder management(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
  }

  private HttpRequest.Builder withKey(String path) {
    return request(path).header("Authorization", "Bearer " + KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "health",
        "health/liveness",
        "health/readiness",
        "prometheus",
        "info",
        "sbom/application"
      })
  void whoWatchesNeedsNoKeyThere(String path) {
    Reply reply = send(management("/actuator/" + path)).ok();
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("X-Request-Id")).hasSize(32);
    assertThat(reply.header("Server")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/health", "/prometheus", "/info", "/sbom", "/sbom/application"})
  void andNothingOfItIsOnTheOtherPort(String path) {
    send(withKey("/actuator" + path)).problem(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/actuator/beans",
        "/actuator/caches",
        "/actuator/conditions",
        "/actuator/configprops",
        "/actuator/env",
        "/actuator/flyway",
        "/actuator/heapdump",
        "/actuator/httpexchanges",
        "/actuator/integrationgraph",
        "/actuator/liquibase",
        "/actuator/logfile",
        "/actuator/loggers",
        "/actuator/mappings",
        "/actuator/metrics",
        "/actuator/quartz",
        "/actuator/scheduledtasks",
        "/actuator/sessions",
        "/actuator/shutdown",
        "/actuator/startup",
        "/actuator/threaddump",
        "/v1/limits",
        "/v1/entropy?probs=1",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/swagger-ui/index.html",
        "/"
      })
  void nothingElseIsThere(String path) {
    Reply reply = send(management(path)).problem(404, "not_found");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @Test
  void whatIsThereIsOnlyRead() {
    for (String path : List.of("/actuator/health", "/actuator/prometheus", "/actuator/info")) {
      send(management(path).POST(HttpRequest.BodyPublishers.ofString("{}")))
          .problem(405, "method_not_allowed");
    }
  }

  @Test
  void theOtherPortKeepsItsProbesOpenAndItsMetricsUnderKey() {
    for (String path : List.of("/health", "/livez", "/ready", "/readyz")) {
      get(path).ok();
    }
    get("/metrics").problem(401, "unauthorized");
    assertThat(send(withKey("/metrics")).ok().text()).contains("tokentropy_");
  }

  @Test
  void bothPortsCountTheSame() {
    send(withKey("/v1/entropy?probs=1")).ok();
    assertThat(send(management("/actuator/prometheus")).ok().text())
        .contains("tokentropy_requests_total{code=\"200\",endpoint=\"/v1/entropy\"");
  }
}
