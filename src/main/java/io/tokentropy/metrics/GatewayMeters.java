package io.tokentropy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/** What the gateway counts. Its labels are the names of the configuration, and words of ours. */
@Component
public class GatewayMeters {
  private static final Duration[] FIRST_BYTE = {
    Duration.ofMillis(10),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;

  public GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows how many answers are under way. */
  public void streams(IntSupplier streams) {
    Gauge.builder("tokentropy.gateway.streams", streams, IntSupplier::getAsInt)
        .description("Answers of the gateway that are under way")
        .register(registry);
  }

  /** An answer begins, of one of the two models of a pair or of both. */
  public Call call(String mode, String pair, String model) {
    return new Call(mode, pair, model);
  }

  /** One answer; the thread that gives it says what becomes of it. */
  public final class Call {
    private final String mode;
    private final String pair;
    private final String model;
    private final long start = System.nanoTime();

    private Call(String mode, String pair, String model) {
      this.mode = mode;
      this.pair = pair;
      this.model = model;
    }

    /** The first byte of the server's answer is there. */
    public void firstByte() {
      Timer.builder("tokentropy.gateway.first.token")
          .description("Time from a request to the first byte of a server's answer")
          .tag("model", model)
          .tag("pair", pair)
          .tag("position", "start")
          .serviceLevelObjectives(FIRST_BYTE)
          .register(registry)
          .record(Duration.ofNanos(System.nanoTime() - start));
    }

    /** How it ended: {@code ok}, {@code client_gone}, or what the server did. */
    public void outcome(String outcome) {
      Counter.builder("tokentropy.gateway.requests")
          .description("Answers of the gateway, by how they ended")
          .tag("mode", mode)
          .tag("model", model)
          .tag("outcome", outcome)
          .tag("pair", pair)
          .register(registry)
          .increment();
    }
  }
}
