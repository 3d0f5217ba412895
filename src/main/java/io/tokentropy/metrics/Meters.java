package io.tokentropy.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tokentropy.kernel.Kernel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * The meters of the service. Base units; entropies in nats whatever unit was asked for; closed sets
 * of labels only.
 */
@Component
public class Meters {
  /** Seconds: a call takes some tens of microseconds, a full JSON row some milliseconds. */
  private static final Duration[] REQUEST_SECONDS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofMillis(2500)
  };

  /** Nats; ln 200,000 = 12.2. */
  private static final double[] ENTROPY_NATS = {0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12};

  private static final double[] KEPT_TOKENS = {1, 2, 4, 8, 16, 64, 256, 1024, 4096, 16384};

  private static final double[] KEPT_MASS = {0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};

  private final MeterRegistry registry;
  private final Map<String, Counter> decisions = new ConcurrentHashMap<>();
  private final Map<String, Counter> tokens = new ConcurrentHashMap<>();
  private final Counter uncertified;
  private final DistributionSummary entropies;

  /** Looking a meter up by its tags takes longer than a small request; these are few. */
  private final Map<Counted, Counter> requests = new ConcurrentHashMap<>();

  private final Map<Counted, Counter> answered = new ConcurrentHashMap<>();
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();

  /** The registry also gets a constant gauge that says which kernel runs. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("tokentropy.kernel.vector.bytes", Kernel.best(), kernel -> kernel.bits() / 8.0)
        .description("Vector width of the kernel in bytes; 0 without the vector module")
        .register(registry);
    this.uncertified =
        Counter.builder("tokentropy.ead.uncertified")
            .description("Decisions that another entropy within the known range would change")
            .register(registry);
    this.entropies =
        DistributionSummary.builder("tokentropy.entropy.nats")
            .description("Entropy of the rows answered, in nats")
            .serviceLevelObjectives(ENTROPY_NATS)
            .register(registry);
  }

  /** What is held and waits at the gates. */
  public void admission(Number bytes, Number waiting) {
    Gauge.builder("tokentropy.bytes.in.flight", bytes, Number::doubleValue)
        .description("Bytes that the bodies of running calls hold")
        .register(registry);
    Gauge.builder("tokentropy.queue.depth", waiting, Number::doubleValue)
        .description("Calls that wait for a core")
        .register(registry);
  }

  /** What a request is counted under. */
  private record Counted(String endpoint, String input, int status) {}

  /** One finished request. */
  public void request(String endpoint, String input, int status, long nanos) {
    requests
        .computeIfAbsent(
            new Counted(endpoint, input, status),
            counted ->
                Counter.builder("tokentropy.requests")
                    .description("Requests answered, by status code and kind of input")
                    .tag("endpoint", counted.endpoint())
                    .tag("code", Integer.toString(counted.status()))
                    .tag("input", counted.input())
                    .register(registry))
        .increment();
    durations
        .computeIfAbsent(
            endpoint,
            name ->
                Timer.builder("tokentropy.request.duration")
                    .description("Time from the first byte of a request to the end of its answer")
                    .tag("endpoint", name)
                    .serviceLevelObjectives(REQUEST_SECONDS)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Rows that were read and answered. */
  public void rows(String endpoint, String input, int rows) {
    answered
        .computeIfAbsent(
            new Counted(endpoint, input, 0),
            counted ->
                Counter.builder("tokentropy.rows")
                    .description("Rows answered, by kind of input")
                    .tag("endpoint", counted.endpoint())
                    .tag("input", counted.input())
                    .register(registry))
        .increment(rows);
  }

  /** The entropy of one row. */
  public void entropy(double nats) {
    entropies.record(nats);
  }

  /** The outcome of one truncation. */
  public void kept(String method, int tokens, double mass) {
    DistributionSummary.builder("tokentropy.kept.tokens")
        .description("Tokens kept by a truncation, by its last sampler")
        .tag("method", method)
        .serviceLevelObjectives(KEPT_TOKENS)
        .register(registry)
        .record(tokens);
    DistributionSummary.builder("tokentropy.kept.mass")
        .description("Probability kept by a truncation, by its last sampler")
        .tag("method", method)
        .serviceLevelObjectives(KEPT_MASS)
        .register(registry)
        .record(mass);
  }

  /** One model-switch decision. */
  public void decision(String reason, String tier, boolean certified) {
    decisions
        .computeIfAbsent(
            reason,
            name ->
                Counter.builder("tokentropy.ead.decisions")
                    .description("Model-switch decisions, by the rule that applied")
                    .tag("reason", name)
                    .register(registry))
        .increment();
    tokens
        .computeIfAbsent(
            tier,
            name ->
                Counter.builder("tokentropy.ead.tokens")
                    .description("Tokens decided on, by the model that wrote them")
                    .tag("tier", name)
                    .register(registry))
        .increment();
    if (!certified) {
      uncertified.increment();
    }
  }

  /** Something that was mended on the way in. */
  public void repair(String kind) {
    Counter.builder("tokentropy.input.repairs")
        .description("Inputs that were mended, by kind of repair")
        .tag("kind", kind)
        .register(registry)
        .increment();
  }
}
