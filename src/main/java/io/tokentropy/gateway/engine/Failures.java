package io.tokentropy.gateway.engine;

import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.UpstreamFailed;
import java.time.Duration;
import java.util.Set;

/** What a failure of a server means to whoever decodes. */
final class Failures {
  private static final Set<Integer> LATER = Set.of(429, 503);

  private Failures() {}

  /** Of a call that brought no event yet. */
  static EngineFailed atStart(UpstreamFailed failure, Deadline deadline) {
    return of(failure, deadline.isOver() ? Fault.DEADLINE : Fault.SLOW_START);
  }

  /** Of a stream that had begun. */
  static EngineFailed within(UpstreamFailed failure, Deadline deadline) {
    return of(failure, deadline.isOver() ? Fault.DEADLINE : Fault.IDLE);
  }

  private static EngineFailed of(UpstreamFailed failure, Fault late) {
    int status = failure.status().orElse(0);
    Fault fault =
        switch (failure.why()) {
          case UNREACHABLE, RESTING -> Fault.UNREACHABLE;
          case BUSY -> Fault.DENIED;
          case REFUSED -> LATER.contains(status) ? Fault.BUSY : Fault.REJECTED;
          case LATE -> late;
          case CUT -> Fault.CUT;
          case TOO_LONG, UNREADABLE -> Fault.MALFORMED;
          case ABANDONED -> Fault.CLOSED;
        };
    Duration after =
        failure.refusal().map(UpstreamFailed.Refusal::retryAfter).orElse(Duration.ZERO);
    return new EngineFailed(fault, message(failure), status, after, failure);
  }

  private static String message(UpstreamFailed failure) {
    String message = failure.getMessage();
    return message == null ? "failed" : message;
  }

  /** Of an answer that is none of such a server; what it wrote is not repeated. */
  static EngineFailed unreadable(InvalidInput refusal) {
    return new EngineFailed(
        Fault.MALFORMED, "sent what is no answer of its kind", 0, Duration.ZERO, refusal);
  }

  static EngineFailed noLogprobs(String option) {
    return new EngineFailed(Fault.NO_LOGPROBS, "gives no log-probabilities; expected " + option);
  }
}
