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
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/**
 * The meters of the service. Base units; entropies in nats whatever unit was asked for; closed sets
 * of labels only. Looking a meter up by its tags takes longer than a small request, so each is kept
 * under a key of its own.
 */
@Component
public class Meters {
  /** A call takes some tens of microseconds, a full JSON row some milliseconds. */
  private static final Duration[] REQUEST_SECONDS =
      micros(100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 500_000, 2_500_000);

  private static final Duration[] WAIT_SECONDS =
      micros(
          1000, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
          5_000_000);

  private static final double[] KEPT_TOKENS = {1, 2, 4, 8, 16, 64, 256, 1024, 4096, 16384};

  private static final double[] KEPT_MASS = {0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1};

  private static final double[] VOCAB = {16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};

  private static final double[] BODY_BYTES = {
    256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
  };

  /** A call that names no model. */
  private static final String NONE = "none";

  /** A call that names a model which is not listed. */
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final MetricsSettings settings;
  private final Counter uncertified;
  private final Counter switches;
  private final DistributionSummary vocabularies;
  private final DistributionSummary bodies;
  private final Timer waits;
  private final Map<Counted, Counter> requests = new ConcurrentHashMap<>();
  private final Map<Counted, Counter> answered = new ConcurrentHashMap<>();
  private final Map<String, Timer> durations = new ConcurrentHashMap<>();
  private final Map<String, Stages> stages = new ConcurrentHashMap<>();
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();
  private final Map<String, Counter> decisions = new ConcurrentHashMap<>();
  private final Map<String, Counter> repairs = new ConcurrentHashMap<>();
  private final Map<String, Counter> sheds = new ConcurrentHashMap<>();
  private final Map<String, Counter> rejections = new ConcurrentHashMap<>();
  private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();
  private final Map<Asked, Counter> asked = new ConcurrentHashMap<>();

  /** The registry also gets constant gauges that say what runs. */
  public Meters(MeterRegistry registry, MetricsSettings settings, BuildProperties build) {
    this.registry = registry;
    this.settings = settings;
    Gauge.builder("tokentropy.build.info", () -> 1)
        .description("What runs: the version, its Java and its kernel")
        .tag("version", String.valueOf(build.getVersion()))
        .tag("java", String.valueOf(Runtime.version().feature()))
        .tag("kernel", Kernel.best().describe())
        .register(registry);
    Gauge.builder("tokentropy.kernel.vector.bytes", Kernel.best(), kernel -> kernel.bits() / 8.0)
        .baseUnit("bytes")
        .description("Vector width of the kernel in bytes; 0 without the vector module")
        .register(registry);
    this.uncertified =
        Counter.builder("tokentropy.ead.uncertified")
            .description("Decisions that another entropy within the known range would change")
            .register(registry);
    this.switches =
        Counter.builder("tokentropy.ead.switches")
            .description("Decisions for the model that did not write the token")
            .register(registry);
    this.vocabularies =
        DistributionSummary.builder("tokentropy.row.vocab")
            .description("Vocabulary size of the rows that say theirs")
            .serviceLevelObjectives(VOCAB)
            .register(registry);
    this.bodies =
        DistributionSummary.builder("tokentropy.body.bytes")
            .baseUnit("bytes")
            .description("Bytes of the bodies that were read")
            .serviceLevelObjectives(BODY_BYTES)
            .register(registry);
    this.waits =
        Timer.builder("tokentropy.queue.wait")
            .description("Time that calls waited for a core")
            .serviceLevelObjectives(WAIT_SECONDS)
            .register(registry);
  }

  private static Duration[] micros(long... buckets) {
    var durations = new Duration[buckets.length];
    for (int i = 0; i < buckets.length; i++) {
      durations[i] = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(buckets[i]));
    }
    return durations;
  }

  private static <K, M> M kept(Map<K, M> meters, K key, Function<K, M> register) {
    M found = meters.get(key);
    return found == null ? meters.computeIfAbsent(key, register) : found;
  }

  private void gauge(String name, String description, Number value) {
    Gauge.builder(name, value, Number::doubleValue)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private Counter counter(String name, String description, String tag, String value) {
    return Counter.builder(name).description(description).tag(tag, value).register(registry);
  }

  /** Bytes of one kind that all calls hold, and how many they may. */
  public void bytes(String kind, Supplier<Number> held, long limit) {
    Gauge.builder("tokentropy.bytes.in.flight", held)
        .description("Bytes that calls hold, by what they are")
        .tag("kind", kind)
        .register(registry);
    Gauge.builder("tokentropy.bytes.limit", () -> limit)
        .description("Bytes that calls may hold together, by what they are")
        .tag("kind", kind)
        .register(registry);
  }

  /** Basic operations of the calls that take long, and how many they may be. */
  public void cost(Supplier<Number> held, long limit) {
    Gauge.builder("tokentropy.cost.in.flight", held)
        .description("Basic operations of the calls that take long")
        .register(registry);
    Gauge.builder("tokentropy.cost.limit", () -> limit)
        .description("Basic operations that those calls may be together")
        .register(registry);
  }

  /** What waits at the gates, and how much may. */
  public void admission(Number waiting, int mostWaiting, Duration deadline) {
    gauge("tokentropy.queue.depth", "Calls that wait for a core", waiting);
    gauge("tokentropy.queue.limit", "Calls that may wait for a core", mostWaiting);
    gauge(
        "tokentropy.queue.deadline.seconds",
        "Time after which a call that is not under way is turned away",
        deadline.toNanos() / 1e9);
  }

  /** Calls that are being read, wait or are computed. */
  public void inFlight(Number calls) {
    gauge("tokentropy.in.flight", "Calls that are read, wait or are computed", calls);
  }

  /** How far the self-test was off at most. */
  public void selfTest(double ulps) {
    gauge(
        "tokentropy.selftest.max.ulp",
        "Largest error of the self-test at start, in units in the last place",
        ulps);
  }

  /** What a request is counted under. */
  private record Counted(String endpoint, String input, int status) {}

  /** One finished request. */
  public void request(String endpoint, String input, int status, long nanos) {
    kept(
            requests,
            new Counted(endpoint, input, status),
            counted ->
                Counter.builder("tokentropy.requests")
                    .description("Requests answered, by status code and kind of input")
                    .tag("endpoint", counted.endpoint())
                    .tag("code", Integer.toString(counted.status()))
                    .tag("input", counted.input())
                    .register(registry))
        .increment();
    kept(
            durations,
            endpoint,
            name ->
                Timer.builder("tokentropy.request.duration")
                    .description("Time from the first byte of a request to the end of its answer")
                    .tag("endpoint", name)
                    .serviceLevelObjectives(REQUEST_SECONDS)
                    .register(registry))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * A request that was turned away because there was too much to do, by the code of its problem.
   */
  public void shed(String reason) {
    kept(
            sheds,
            reason,
            name ->
                counter(
                    "tokentropy.shed",
                    "Requests turned away because there was too much to do",
                    "reason",
                    name))
        .increment();
  }

  /** A request that was refused for what it is, by the code of its problem. */
  public void rejected(String code) {
    kept(
            rejections,
            code,
            name ->
                counter(
                    "tokentropy.rejected",
                    "Requests refused or failed, by the code of the problem",
                    "code",
                    name))
        .increment();
  }

  /** The stages of one endpoint. */
  private record Stages(Timer parse, Timer compute, Timer write) {}

  /** How long the parts of one call took; reading includes waiting for the body and for a core. */
  public void stages(String endpoint, long parse, long compute, long write) {
    Stages timers =
        kept(
            stages,
            endpoint,
            name -> new Stages(stage(name, "parse"), stage(name, "compute"), stage(name, "write")));
    timers.parse().record(parse, TimeUnit.NANOSECONDS);
    timers.compute().record(compute, TimeUnit.NANOSECONDS);
    timers.write().record(write, TimeUnit.NANOSECONDS);
  }

  private Timer stage(String endpoint, String stage) {
    return Timer.builder("tokentropy.stage.duration")
        .description("Time of a call by stage; parse includes receiving the body and waiting")
        .tag("endpoint", endpoint)
        .tag("stage", stage)
        .register(registry);
  }

  /** How long a call waited for a core. */
  public void waited(long nanos) {
    waits.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The size of a body that was read. */
  public void body(int bytes) {
    bodies.record(bytes);
  }

  /** Rows that were read and answered. */
  public void rows(String endpoint, String input, int rows) {
    kept(
            answered,
            new Counted(endpoint, input, 0),
            counted ->
                Counter.builder("tokentropy.rows")
                    .description("Rows answered, by kind of input")
                    .tag("endpoint", counted.endpoint())
                    .tag("input", counted.input())
                    .register(registry))
        .increment(rows);
  }

  /** The size of a row that says its own. */
  public void vocabulary(int size) {
    vocabularies.record(size);
  }

  /** The meters of a model, as far as its name is one of those that are listed. */
  public ModelMeters model(@Nullable String name) {
    String label = name == null ? NONE : settings.models().contains(name) ? name : OTHER;
    return kept(models, label, model -> new ModelMeters(registry, model));
  }

  /** What truncations by one sampler left. */
  private record Kept(DistributionSummary tokens, DistributionSummary mass) {}

  /** The outcome of one truncation. */
  public void kept(String method, int tokens, double mass) {
    Kept summaries =
        kept(
            kept,
            method,
            name ->
                new Kept(
                    DistributionSummary.builder("tokentropy.kept.tokens")
                        .baseUnit("tokens")
                        .description("Tokens kept by a truncation, by its last sampler")
                        .tag("method", name)
                        .serviceLevelObjectives(KEPT_TOKENS)
                        .register(registry),
                    DistributionSummary.builder("tokentropy.kept.mass")
                        .description("Probability kept by a truncation, by its last sampler")
                        .tag("method", name)
                        .serviceLevelObjectives(KEPT_MASS)
                        .register(registry)));
    summaries.tokens().record(tokens);
    summaries.mass().record(mass);
  }

  /** One model-switch decision. */
  public void decision(String reason, boolean certified, boolean switched) {
    kept(
            decisions,
            reason,
            name ->
                counter(
                    "tokentropy.ead.decisions",
                    "Model-switch decisions, by the rule that applied",
                    "reason",
                    name))
        .increment();
    if (!certified) {
      uncertified.increment();
    }
    if (switched) {
      switches.increment();
    }
  }

  /** What a call to a model was made for, and what came of it. */
  private record Asked(String purpose, String outcome) {}

  /** One call to a model, made to score a question. */
  public void asked(String purpose, String outcome) {
    kept(
            asked,
            new Asked(purpose, outcome),
            call ->
                Counter.builder("tokentropy.ask.calls")
                    .description("Calls to models made to score a question, by what came of them")
                    .tag("purpose", call.purpose())
                    .tag("outcome", call.outcome())
                    .register(registry))
        .increment();
  }

  /** Something that was mended on the way in. */
  public void repair(String kind) {
    kept(
            repairs,
            kind,
            name ->
                counter(
                    "tokentropy.input.repairs",
                    "Inputs that were repaired, by kind of repair",
                    "kind",
                    name))
        .increment();
  }
}
