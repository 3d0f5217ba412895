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
  private static final Duration[] FIRST_TOKEN = {
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
        .strongReference(true)
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
      firstToken(model, "start", (System.nanoTime() - start) / 1e6);
    }

    /**
     * A server's first token is there.
     *
     * @param position {@code start} of an answer, or {@code switch}
     * @param millis since the server was called
     */
    public void firstToken(String of, String position, double millis) {
      Timer.builder("tokentropy.gateway.first.token")
          .description("Time from a call of a server to its first token, or to its first byte")
          .tag("model", of)
          .tag("pair", pair)
          .tag("position", position)
          .serviceLevelObjectives(FIRST_TOKEN)
          .register(registry)
          .record(Duration.ofNanos(Math.round(millis * 1e6)));
    }

    /**
     * Tokens of one of two models that answer together.
     *
     * @param kind {@code delivered}, {@code wasted}, {@code prompt}, or {@code cached} of those
     */
    public void tokens(String kind, String of, int count) {
      count("tokens", "Tokens of answers by both models; cached ones are prompt ones too")
          .tag("kind", kind)
          .tag("model", of)
          .register(registry)
          .increment(count);
    }

    /** A model took over, for a reason of the switch, or a fault of the other one's server. */
    public void switched(String to, String cause) {
      count("switches", "Switches to a model within answers that were completed, by why")
          .tag("cause", cause)
          .tag("model", to)
          .register(registry)
          .increment();
    }

    /** A model's server failed, and the other one goes on. */
    public void fellBack(String failed, String cause) {
      count("fallbacks", "Failures of a model's server behind which the other model went on")
          .tag("cause", cause)
          .tag("model", failed)
          .register(registry)
          .increment();
    }

    /** How it ended: {@code ok}, {@code client_gone}, or what the server did. */
    public void outcome(String outcome) {
      count("requests", "Answers of the gateway, by how they ended")
          .tag("model", model)
          .tag("outcome", outcome)
          .register(registry)
          .increment();
    }

    private Counter.Builder count(String what, String description) {
      return Counter.builder("tokentropy.gateway." + what)
          .description(description)
          .tag("mode", mode)
          .tag("pair", pair);
    }
  }
}
