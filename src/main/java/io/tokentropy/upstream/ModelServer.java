package io.tokentropy.upstream;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A model server that the configuration names. Each method is one call of it: nothing is tried
 * again here. A server that fails too often is left alone for a while. Safe to share between
 * threads.
 */
public final class ModelServer implements AutoCloseable {
  /** Of a whole answer: some 10,000 tokens with twenty alternatives each. */
  private static final int MAX_BYTES = 32 << 20;

  /** Calls of which half may fail. */
  private static final int COUNTED = 20;

  /** What a server answers that is not well. */
  private static final Set<Integer> ILL = Set.of(500, 502, 503, 504);

  /** Whether a server is asked at present. */
  public enum State {
    /** It is. */
    CLOSED,
    /** It failed too often, and is left alone. */
    OPEN,
    /** The next call decides. */
    HALF_OPEN
  }

  private final ServerConfig config;
  private final Transport transport;
  private final Semaphore streams;
  private final CircuitBreaker breaker;

  /** Nothing is sent yet. */
  public ModelServer(ServerConfig config) {
    this(config, Duration.ofSeconds(10));
  }

  ModelServer(ServerConfig config, Duration rest) {
    this.config = config;
    this.transport = new Transport(config.url(), config.times().connect());
    this.streams = new Semaphore(config.maxStreams());
    this.breaker =
        CircuitBreaker.of(
            config.name(),
            CircuitBreakerConfig.custom()
                .slidingWindowSize(COUNTED)
                .minimumNumberOfCalls(COUNTED)
                .failureRateThreshold(50)
                .waitDurationInOpenState(rest)
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
  }

  public ServerConfig config() {
    return config;
  }

  public State state() {
    return switch (breaker.getState()) {
      case OPEN, FORCED_OPEN -> State.OPEN;
      case HALF_OPEN -> State.HALF_OPEN;
      case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
    };
  }

  /** How many calls are under way. */
  public int streams() {
    return config.maxStreams() - streams.availablePermits();
  }

  /**
   * A whole answer to a question of little work, such as which models there are.
   *
   * @param path such as {@code /v1/models}
   * @param within from connecting to the last byte
   * @return the body of an answer with status 200
   */
  public byte[] get(String path, Duration within) throws UpstreamFailed {
    return whole(request(path).GET().build(), within);
  }

  /**
   * The same for a body of JSON.
   *
   * @throws UpstreamFailed if it is not asked, refuses, or gives no whole answer in that time
   */
  public byte[] post(String path, byte[] json, Duration within) throws UpstreamFailed {
    return whole(post(path, json), within);
  }

  /**
   * Sends a request, without waiting for what comes of it.
   *
   * @param within that the first bytes take, if that is less than the configuration allows
   * @throws UpstreamFailed if nothing is sent
   */
  public ByteStream send(String path, byte[] json, Duration within) throws UpstreamFailed {
    Duration limit = config.times().firstToken();
    begin();
    return new ByteStream(
        transport.start(post(path, json)),
        within.compareTo(limit) < 0 ? within : limit,
        config.times().idle(),
        new Watch());
  }

  /**
   * An answer as it comes. Its first bytes have come when this returns.
   *
   * @throws UpstreamFailed if it is not asked, refuses, or gives no byte in that time
   */
  public ByteStream stream(String path, byte[] json, Duration within) throws UpstreamFailed {
    ByteStream stream = send(path, json, within);
    stream.await();
    return stream;
  }

  /** What a stream means to the server's health: its first bytes count as one call well done. */
  private final class Watch implements ByteStream.Watch {
    private final long start = System.nanoTime();

    @Override
    public void begun() {
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    @Override
    public void over(@Nullable UpstreamFailed failure, boolean begun) {
      streams.release();
      if (!begun) {
        count(start, failure);
      } else if (failure != null && isIll(failure)) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
      }
    }
  }

  private byte[] whole(HttpRequest request, Duration within) throws UpstreamFailed {
    long start = begin();
    try {
      HttpResponse<byte[]> answer = transport.send(request, within, MAX_BYTES);
      if (answer.statusCode() != 200) {
        throw UpstreamFailed.refused(answer, answer.body());
      }
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      return answer.body();
    } catch (UpstreamFailed e) {
      count(start, e);
      throw e;
    } finally {
      streams.release();
    }
  }

  private HttpRequest post(String path, byte[] json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(json))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(config.url() + path));
    config.key().get().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request;
  }

  /** When the call began. */
  private long begin() throws UpstreamFailed {
    if (!streams.tryAcquire()) {
      throw UpstreamFailed.busy(config.maxStreams());
    }
    if (!breaker.tryAcquirePermission()) {
      streams.release();
      throw UpstreamFailed.resting();
    }
    return System.nanoTime();
  }

  /** A call that brought nothing; null if it was given up. */
  private void count(long start, @Nullable UpstreamFailed failure) {
    long took = System.nanoTime() - start;
    if (failure == null || failure.why() == UpstreamFailed.Why.ABANDONED) {
      breaker.releasePermission();
    } else if (isIll(failure)) {
      breaker.onError(took, TimeUnit.NANOSECONDS, failure);
    } else {
      breaker.onSuccess(took, TimeUnit.NANOSECONDS);
    }
  }

  /** Whether a failure says that the server is not well; a request may be at fault as well. */
  private static boolean isIll(UpstreamFailed failure) {
    return switch (failure.why()) {
      case UNREACHABLE, LATE, CUT -> true;
      case REFUSED -> ILL.contains(failure.status().orElse(0));
      case TOO_LONG, UNREADABLE, BUSY, RESTING, ABANDONED -> false;
    };
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    transport.close();
  }
}
