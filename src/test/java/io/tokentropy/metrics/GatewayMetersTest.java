package io.tokentropy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the gateway counts arrives under the names and labels of the docs. */
class GatewayMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final GatewayMeters meters = new GatewayMeters(registry);

  /** A gauge that nothing else refers to is not a number after the next collection. */
  @Test
  void theAnswersUnderWayAreKnownAfterACollection() {
    var streams = new AtomicInteger(3);
    meters.streams(() -> streams.get());
    System.gc();
    assertThat(registry.scrape()).contains("tokentropy_gateway_streams 3.0");
  }

  @Test
  void theFirstByteOfOneModelIsItsFirstToken() {
    meters.call("passthrough", "p", "large").firstByte();
    assertThat(registry.scrape())
        .contains(
            "tokentropy_gateway_first_token_seconds_count{model=\"large\",pair=\"p\","
                + "position=\"start\"} 1");
  }

  @Test
  void timesAreInSeconds() {
    meters.call("switch", "p", "both").firstToken("small", "switch", 250);
    assertThat(registry.scrape())
        .contains(
            "tokentropy_gateway_first_token_seconds_sum{model=\"small\",pair=\"p\","
                + "position=\"switch\"} 0.25");
  }
}
