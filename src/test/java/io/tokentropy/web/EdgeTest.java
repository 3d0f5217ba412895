package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every call: ids, headers, probes, pages, metrics. */
class EdgeTest extends ServiceTest {
  @Test
  void theCallersRequestIdComesBack() {
    assertThat(send(request("/v1/limits").header("X-Request-Id", "abc-1")).header("X-Request-Id"))
        .isEqualTo("abc-1");
  }

  @Test
  void aRequestIdIsMadeWhereNoneOrABadOneWasSent() {
    String first = get("/v1/limits").header("X-Request-Id");
    String second =
        send(request("/v1/limits").header("X-Request-Id", "x".repeat(129))).header("X-Request-Id");
    assertThat(first).hasSize(32);
    assertThat(second).hasSize(32).isNotEqualTo(first);
  }

  @Test
  void timingAndVersionAreInTheHeaders() {
    Reply reply = post("/v1/entropy", "{\"logits\":[0,0]}").ok();
    assertThat(reply.header("Server-Timing"))
        .matches("parse;dur=\\d+\\.\\d{3}, compute;dur=\\d+\\.\\d{3}, write;dur=\\d+\\.\\d{3}");
    assertThat(reply.header("X-Tokentropy-Version")).isEqualTo("0.1.0");
    assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    assertThat(reply.header("Content-Type")).startsWith("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/livez", "/ready", "/readyz", "/actuator/health"})
  void probesAnswer(String path) {
    assertThat(get(path).ok().at("/status").asString()).isEqualTo("UP");
  }

  @Test
  void homeIsTextForCurlAndAPageForBrowsers() {
    Reply text = get("/").ok();
    assertThat(text.header("Content-Type")).startsWith("text/plain");
    assertThat(text.text().lines().findFirst().orElseThrow())
        .isEqualTo("curl '" + uri("/v1/entropy?probs=0.5,0.25,0.25") + "'");
    Reply page = send(request("/").header("Accept", "text/html,*/*")).ok();
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.text()).contains("/docs", "/v1/entropy");
  }

  @Test
  void docsLeadToSwaggerUiOverTheContract() {
    assertThat(get("/docs").status()).isEqualTo(302);
    assertThat(get("/swagger-ui/index.html").ok().text())
        .contains("swagger-ui-bundle.js", "<title>Tokentropy", "data:image/svg+xml");
    assertThat(get("/swagger-ui/swagger-initializer.js").ok().text()).contains("swagger-config");
    assertThat(get("/openapi/from-code/swagger-config").ok().at("/url").asString())
        .isEqualTo("/openapi.json");
  }

  @Test
  void whatSpringdocReadsFromTheCodeIsNotServed() {
    get("/openapi/from-code").problem(404, "not_found");
    get("/openapi/from-code.yaml").problem(404, "not_found");
  }

  @Test
  void metricsCountTheCalls() {
    post("/v1/entropy", "{\"logits\":[0,0]}").ok();
    post("/v1/entropy", "{\"logits\":[null]}").problem(422, "all_masked");
    String scrape = get("/metrics").ok().text();
    assertThat(scrape)
        .contains(
            "tokentropy_requests_total{code=\"200\",endpoint=\"/v1/entropy\",input=\"logits\"}",
            "tokentropy_requests_total{code=\"422\",endpoint=\"/v1/entropy\"",
            "tokentropy_request_duration_seconds_bucket{endpoint=\"/v1/entropy\"",
            "tokentropy_rows_total{endpoint=\"/v1/entropy\",input=\"logits\"}",
            "tokentropy_entropy_nats_bucket");
    assertThat(get("/actuator/prometheus").ok().text()).contains("tokentropy_requests_total");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auditevents",
        "beans",
        "caches",
        "conditions",
        "configprops",
        "env",
        "flyway",
        "heapdump",
        "httpexchanges",
        "integrationgraph",
        "jolokia",
        "liquibase",
        "logfile",
        "loggers",
        "mappings",
        "metrics",
        "quartz",
        "scheduledtasks",
        "sessions",
        "shutdown",
        "startup",
        "threaddump"
      })
  void nothingElseOfTheActuatorIsThere(String endpoint) {
    get("/actuator/" + endpoint).problem(404, "not_found");
  }

  private String scrapeAfterACallOf(String trace) {
    send(request("/v1/evaluation/tsu")
            .header("traceparent", "00-" + trace)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"scores\":[[1,2],[2,3]]}")))
        .ok();
    return send(request("/actuator/prometheus")
            .header("Accept", "application/openmetrics-text; version=1.0.0"))
        .ok()
        .text();
  }

  /** The library looks at an observation every tenth of a second, so this takes a few calls. */
  @Test
  void aSampledTraceIsAnExemplarOfItsBucket() throws InterruptedException {
    String sampled = "4bf92f3577b34da6a3ce929d0e0e4736";
    String unsampled = "0af7651916cd43dd8448eb211c80319c";
    Pattern exemplar =
        Pattern.compile(
            "tokentropy_request_duration_seconds_bucket\\{endpoint=\"/v1/evaluation/tsu\",le=\"[^\"]+\"}"
                + " \\d+ # \\{span_id=\"00f067aa0ba902b7\",trace_id=\""
                + sampled
                + "\"}");
    String scrape = scrapeAfterACallOf(unsampled + "-b7ad6b7169203331-00");
    for (int i = 0; i < 40 && !exemplar.matcher(scrape).find(); i++) {
      Thread.sleep(50);
      scrape = scrapeAfterACallOf(sampled + "-00f067aa0ba902b7-01");
    }
    assertThat(scrape).containsPattern(exemplar).doesNotContain(unsampled);
  }

  @Test
  void limitsAreListedWithTheirSettings() {
    Reply limits = get("/v1/limits").ok();
    assertThat(limits.at("/limits/max_body_bytes/value").asInt()).isEqualTo(64 * 1024 * 1024);
    assertThat(limits.at("/limits/max_rows/setting").asString()).isEqualTo("TOKENTROPY_MAX_ROWS");
    assertThat(limits.at("/kernel").asString()).isNotBlank();
  }

  @Test
  void theSameBodyGivesTheSameBytes() {
    String body = "{\"logits\":[[0.1,2.7,-3.3,0.4,1.9,8.25,-0.75]],\"measures\":[\"varentropy\"]}";
    String first = post("/v1/entropy", body).ok().text();
    for (int i = 0; i < 50; i++) {
      assertThat(post("/v1/entropy", body).text()).isEqualTo(first);
    }
  }
}
