package io.tokentropy.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tokentropy.distribution.Interval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.info.BuildProperties;

/** Labels are bounded, buckets few, and names are as Prometheus wants them. */
class MetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters =
      new Meters(
          registry,
          new MetricsSettings(Set.of("small-1", "large-1")),
          new BuildProperties(new Properties()));

  private long series() {
    return registry.scrape().lines().filter(line -> !line.startsWith("#")).count();
  }

  @Test
  void namesThatAreNotListedAddNoSeries() {
    for (String name : new String[] {null, "small-1", "large-1", "unheard"}) {
      meters.model(name).entropy(new Interval(1, 2));
    }
    long before = series();
    for (int i = 0; i < 100_000; i++) {
      meters.model("model-" + i).entropy(new Interval(1, 2));
    }
    assertThat(series()).isEqualTo(before);
    assertThat(registry.scrape())
        .contains("tokentropy_entropy_nats_count{model=\"other\"} 100001")
        .contains("tokentropy_entropy_nats_count{model=\"none\"} 1")
        .contains("tokentropy_entropy_nats_count{model=\"small-1\"} 1")
        .doesNotContain("unheard");
  }

  @Test
  void aListIsBoundedToo() {
    Set<String> many =
        IntStream.range(0, 51).mapToObj(Integer::toString).collect(Collectors.toSet());
    for (Set<String> bad : java.util.List.of(many, Set.of(" "), Set.of("x".repeat(129)))) {
      assertThatThrownBy(() -> new MetricsSettings(bad))
          .hasMessageContaining("TOKENTROPY_METRICS_MODELS");
    }
  }

  @Test
  void onlyRowsKnownInPartHaveAWidth() {
    ModelMeters model = meters.model("small-1");
    model.entropy(Interval.exactly(1));
    model.entropy(new Interval(1, Double.POSITIVE_INFINITY));
    model.entropy(new Interval(1, 3));
    assertThat(registry.scrape())
        .contains("tokentropy_entropy_interval_width_nats_count{model=\"small-1\"} 1")
        .contains("tokentropy_entropy_interval_width_nats_sum{model=\"small-1\"} 2.0")
        .contains("tokentropy_entropy_nats_count{model=\"small-1\"} 3");
  }

  @Test
  void whatRunsIsSaid() {
    assertThat(registry.scrape())
        .containsPattern("tokentropy_build_info\\{java=\"25\",kernel=\".+\",version=\".*\"} 1");
  }

  /** Everything that is measured, once. */
  private void everything() {
    meters.bytes("bodies", () -> 1, 2);
    meters.cost(() -> 1, 2);
    meters.admission(3, 4, Duration.ofSeconds(5));
    meters.inFlight(1);
    meters.selfTest(1.5);
    meters.request("/v1/entropy", "logits", 200, 1000);
    meters.stages("/v1/entropy", 1, 2, 3);
    meters.rows("/v1/entropy", "logits", 1);
    meters.shed("overloaded");
    meters.rejected("not_finite");
    meters.waited(1);
    meters.body(1);
    meters.vocabulary(1);
    meters.kept("top_h", 1, 1);
    meters.decision("escalate", false, true);
    meters.repair("sentinel");
    meters.model(null).invEntropy(1);
  }

  @Test
  void histogramsHaveAtMostTwelveBuckets() {
    everything();
    var counts =
        registry
            .scrape()
            .lines()
            .filter(line -> line.contains("_bucket{"))
            .map(line -> line.replaceAll(",?le=\"[^\"]*\"", "").replaceAll(" .*", ""))
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    assertThat(counts).isNotEmpty();
    counts.forEach(
        (name, buckets) -> assertThat(buckets - 1).as(name + " beside +Inf").isBetween(5L, 12L));
  }

  @Test
  void unitsAreBaseUnits() {
    everything();
    var names = new ArrayList<String>();
    for (String line : registry.scrape().lines().filter(l -> l.startsWith("# TYPE")).toList()) {
      names.add(line.split(" ")[2]);
    }
    assertThat(names)
        .isNotEmpty()
        .allMatch(name -> Pattern.matches("tokentropy_[a-z_]+", name))
        .noneMatch(name -> name.matches(".*(milli|micro|_ms|percent|kilo|mega).*"));
  }
}
