package io.tokentropy.web.gateway;

import io.tokentropy.gateway.GatewayFailed;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** No server of a pair could answer. */
final class SwitchProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final GatewayFailed failed;

  SwitchProblem(GatewayFailed failed) {
    super(failed);
    this.failed = failed;
  }

  /** What the caller is told: of several failures the first. */
  Problem problem() {
    return Problem.of(kind(), String.valueOf(failed.getMessage()));
  }

  private ProblemKind kind() {
    return switch (failed.first().fault()) {
      case UNREACHABLE, BUSY, CUT, MALFORMED, CLOSED -> ProblemKind.UPSTREAM_UNAVAILABLE;
      case SLOW_START, IDLE, DEADLINE -> ProblemKind.UPSTREAM_TIMEOUT;
      case REJECTED -> ProblemKind.UPSTREAM_REJECTED;
      case NO_LOGPROBS -> ProblemKind.NO_LOGPROBS;
      case DENIED -> ProblemKind.OVERLOADED;
    };
  }

  /** The time after which the server wants to be asked again; null if it does not say. */
  @Nullable Duration retryAfter() {
    Duration after = failed.first().retryAfter();
    return after.isPositive() ? after : null;
  }
}
