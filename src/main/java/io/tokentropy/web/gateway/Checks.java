package io.tokentropy.web.gateway;

import io.tokentropy.gateway.check.Finding;
import io.tokentropy.gateway.check.PairCheck;
import io.tokentropy.gateway.check.ServerCheck;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Engines;
import io.tokentropy.upstream.ModelServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What the servers of each pair were seen to do, once they answer. A thread of its own asks them,
 * so that the service starts whether they are there or not.
 */
@Component
class Checks implements DisposableBean {
  /** For all checks of one server. */
  private static final Duration TIME = Duration.ofSeconds(60);

  /** Before a server that does not answer is asked again. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Pairs pairs;
  private final boolean wanted;
  private final Map<ModelServer, List<Finding>> ofServers = new ConcurrentHashMap<>();
  private final Map<String, Finding> ofPairs = new ConcurrentHashMap<>();
  private @Nullable Thread thread;

  Checks(Pairs pairs, GatewaySettings settings) {
    this.pairs = pairs;
    this.wanted = settings.check();
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    if (wanted && !pairs.all().isEmpty()) {
      thread = Thread.ofVirtual().name("gateway-checks").start(this::run);
    }
  }

  @Override
  public void destroy() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /** What is known of a server; empty until it has answered, or if its kind is not checked. */
  List<Finding> of(ModelServer server) {
    return ofServers.getOrDefault(server, List.of());
  }

  /** Whether ids can be handed over between the two. */
  Optional<Finding> of(Pairs.Pair pair) {
    return Optional.ofNullable(ofPairs.get(pair.name()));
  }

  private void run() {
    try {
      while (!checkAll()) {
        Thread.sleep(AGAIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether every server has answered, be it well or not. */
  private boolean checkAll() {
    boolean all = true;
    for (Pairs.Pair pair : pairs.all()) {
      Optional<Engine> small = Engines.of(pair.small());
      Optional<Engine> large = Engines.of(pair.large());
      all &= small.isEmpty() || checked(pair.small(), small.get());
      all &= large.isEmpty() || checked(pair.large(), large.get());
      if (small.isPresent() && large.isPresent() && !ofPairs.containsKey(pair.name())) {
        all &= checked(pair, small.get(), large.get());
      }
    }
    return all;
  }

  private boolean checked(ModelServer server, Engine engine) {
    if (ofServers.containsKey(server)) {
      return true;
    }
    try {
      ofServers.put(server, ServerCheck.of(engine, Deadline.after(TIME)));
      return true;
    } catch (EngineFailed e) {
      if (isAbsent(e)) {
        return false;
      }
      ofServers.put(server, List.of(failed("answers", e)));
      return true;
    }
  }

  private boolean checked(Pairs.Pair pair, Engine small, Engine large) {
    try {
      ofPairs.put(pair.name(), PairCheck.of(small, large, Deadline.after(TIME)));
      return true;
    } catch (EngineFailed e) {
      if (isAbsent(e)) {
        return false;
      }
      ofPairs.put(pair.name(), failed("ids", e));
      return true;
    }
  }

  private static Finding failed(String check, EngineFailed e) {
    return new Finding(check, false, "the server " + e.getMessage());
  }

  /** Whether a server may only not be there yet. */
  private static boolean isAbsent(EngineFailed e) {
    return switch (e.fault()) {
      case UNREACHABLE, BUSY, DENIED, SLOW_START, CUT, DEADLINE, CLOSED, IDLE -> true;
      case REJECTED, MALFORMED, NO_LOGPROBS -> false;
    };
  }
}
