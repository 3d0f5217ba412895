package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tokentropy.metrics.GatewayMeters;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import org.yaml.snakeyaml.Yaml;

/** What dashboards and alerts ask for is there, and what is there is asked for. */
@TestPropertySource(
    properties = {
      "tokentropy.upstreams.nowhere.url=http://127.0.0.1:1",
      "tokentropy.upstreams.nowhere.kind=openai",
      "tokentropy.upstreams.nowhere.model=none",
      "tokentropy.ask.enabled=true"
    })
class DashboardTest extends ServiceTest {
  private static final Pattern METRIC = Pattern.compile("\\btokentropy_[a-z_]+");

  private static Set<String> names(String text) {
    var names = new TreeSet<String>();
    Matcher matcher = METRIC.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static Set<String> asked() throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(Path.of("helm/tokentropy/files"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        names.addAll(names(Files.readString(file)));
      }
    }
    return names;
  }

  private String scrape() {
    post("/v1/entropy", "{\"top_logprobs\":[[-0.1,-9999,-2.3521684610440907]],\"vocab_size\":1000}")
        .ok();
    post("/v1/entropy", "{\"top_logprobs\":[[-0.3,-1.9]],\"vocab_size\":1000}").ok();
    post("/v1/truncation", "{\"logits\":[[3,2,1]],\"top_h\":0.4}").ok();
    post(
            "/v1/ead",
            "{\"observations\":[{\"lower\":0.5,\"upper\":2}],\"config\":{\"threshold\":1,\"window\":1}}")
        .ok();
    post(
            "/v1/inv-entropy",
            "{\"sim_x\":[[1,0,0],[0,1,0],[0,0,1]],\"sim_y\":[[1,1,1],[1,1,1],[1,1,1]]}")
        .ok();
    post("/v1/inv-entropy/ask", "{\"question\":\"Who?\",\"upstream\":\"nowhere\"}")
        .problem(502, "upstream_incomplete");
    post("/v1/entropy", "{\"logits\":[null]}").problem(422, "all_masked");
    send(request("/v1/entropy")
            .header("Content-Type", "application/json")
            .header("X-Request-Timeout-Ms", "1")
            .expectContinue(true)
            .POST(HttpRequest.BodyPublishers.ofInputStream(DashboardTest::slow)))
        .problem(503, "deadline_exceeded");
    return get("/metrics").text() + gateway();
  }

  /** What the gateway adds where it is on. */
  private static String gateway() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var meters = new GatewayMeters(registry);
    meters.streams(() -> 1);
    GatewayMeters.Call call = meters.call("switch", "demo", "both");
    call.firstToken("small", "start", 1);
    call.tokens("delivered", "small", 1);
    call.switched("large", "escalate");
    call.fellBack("large", "cut");
    call.outcome("ok");
    return registry.scrape();
  }

  /** A body that is there after the deadline: it is read when the server has asked for it. */
  private static InputStream slow() {
    return new ByteArrayInputStream("{\"logits\":[0,0]}".getBytes(StandardCharsets.UTF_8)) {
      @Override
      public synchronized int read(byte[] bytes, int from, int length) {
        try {
          Thread.sleep(30);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return super.read(bytes, from, Math.min(length, 6));
      }
    };
  }

  @Test
  void everyMetricOfADashboardOrAlertIsScraped() throws IOException {
    Set<String> scraped = names(scrape());
    assertThat(scraped).containsAll(asked());
  }

  @Test
  void everyMetricOfTheServiceIsUsed() throws IOException {
    var used = new TreeSet<String>();
    for (String name : asked()) {
      used.add(name.replaceAll("_(bucket|count|sum|max)$", ""));
    }
    var unused = new TreeSet<String>();
    for (String name : names(scrape())) {
      unused.add(name.replaceAll("_(bucket|count|sum|max)$", ""));
    }
    unused.removeAll(used);
    assertThat(unused).isEmpty();
  }

  @Test
  void everyMetricHasHelp() {
    for (String line : scrape().lines().filter(l -> l.startsWith("# TYPE tokentropy_")).toList()) {
      String name = line.split(" ")[2];
      assertThat(scrape()).containsPattern("# HELP " + name + " \\S+");
    }
  }

  private static final Pattern SAMPLE = Pattern.compile("(tokentropy_\\w+)(?:\\{(.*)})? .*");

  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

  /** The page of metrics is what a scrape says of itself. */
  @Test
  void theReferenceIsMadeFromTheScrape() throws IOException {
    var kinds = new TreeMap<String, String>();
    var labels = new TreeMap<String, TreeSet<String>>();
    var help = new TreeMap<String, String>();
    for (String line : scrape().lines().filter(l -> l.contains("tokentropy_")).toList()) {
      String[] words = line.split(" ", 4);
      Matcher sample = SAMPLE.matcher(line);
      if (line.startsWith("# TYPE")) {
        kinds.put(words[2], words[3]);
      } else if (line.startsWith("# HELP")) {
        help.put(words[2], words[3]);
      } else if (sample.matches()) {
        String family = sample.group(1).replaceAll("_(bucket|count|sum)$", "");
        var names = labels.computeIfAbsent(family, name -> new TreeSet<>());
        Matcher label = LABEL.matcher(String.valueOf(sample.group(2)));
        while (label.find()) {
          names.add(label.group(1));
        }
        names.remove("le");
      }
    }
    var page = new StringBuilder();
    page.append(
        "# Metrics\n\nOn `/metrics`, and on `/actuator/prometheus` of the management port. ");
    page.append("Seconds, bytes and nats, whatever unit a request asked for.\n\n");
    page.append(
        "**Promise.** Within a major version the names, types, labels and units below stay, ");
    page.append("and nothing is counted otherwise than it says;\nlabels may get new values, ");
    page.append(
        "histograms other buckets, and there may be new metrics. What Spring, the JVM and ");
    page.append(
        "Tomcat report beside\nthem (`jvm_*`, `process_*`, `tomcat_*`) follows their versions. ");
    page.append("A histogram and a summary bring the largest of the last minutes as `_max`.\n\n");
    page.append("A `model` is a label only if `TOKENTROPY_METRICS_MODELS` lists it (at most 50); ");
    page.append("others count as `other`, calls without one as `none`.\n");
    page.append("In `tokentropy_gateway_*` it is `small`, `large` or `both`, of the `pair` that ");
    page.append("the configuration names.\n\n");
    page.append("| metric | type | labels | meaning |\n|---|---|---|---|\n");
    kinds.forEach(
        (name, kind) -> {
          if (!name.endsWith("_max")) {
            page.append("| `" + name + "` | " + kind + " | ")
                .append(String.join(", ", labels.get(name)))
                .append(" | " + help.get(name) + " |\n");
          }
        });
    Files.writeString(Path.of("target/metrics.md"), page);
    assertThat(Files.readString(Path.of("src/docs/metrics.md")))
        .as("src/docs/metrics.md; target/metrics.md is what it should be")
        .isEqualTo(page.toString());
  }

  /** Who is woken finds what to do, and where to look. */
  @Test
  void everyAlertLeadsToASectionAndAPanel() throws IOException {
    String page = Files.readString(Path.of("src/docs/operations.md"));
    Map<?, ?> file = new Yaml().load(Files.readString(Path.of("helm/tokentropy/files/alerts.yml")));
    int alerts = 0;
    for (Object group : (List<?>) file.get("groups")) {
      for (Object rule : (List<?>) ((Map<?, ?>) group).get("rules")) {
        Map<?, ?> alert = (Map<?, ?>) rule;
        if (alert.containsKey("alert")) {
          alerts++;
          String name = (String) alert.get("alert");
          Map<?, ?> notes = (Map<?, ?>) alert.get("annotations");
          assertThat(page).contains("\n### " + name + "\n");
          assertThat(notes.get("runbook_url"))
              .isEqualTo("src/docs/operations.md#" + name.toLowerCase(Locale.ROOT));
          String[] panel = ((String) notes.get("dashboard_panel")).split("/");
          String board =
              Files.readString(
                  Path.of(
                      "helm/tokentropy/files/dashboards",
                      panel[0].replace("tokentropy-", "") + ".json"));
          assertThat(JSON.readTree(board).at("/uid").asString()).isEqualTo(panel[0]);
          assertThat(JSON.readTree(board).at("/panels").findValuesAsString("id"))
              .contains(panel[1]);
        }
      }
    }
    assertThat(alerts).isEqualTo(14);
  }
}
