package io.tokentropy.web.gateway;

import io.tokentropy.upstream.UpstreamFailed;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server gave no answer that could be passed on. */
final class UpstreamProblem extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A word for programs, as OpenAI's errors have it; no prose. */
  private static final Pattern CODE =
      Pattern.compile("\"(?:code|type)\"\\s*:\\s*\"([A-Za-z][A-Za-z0-9_]{0,63})\"");

  private final String server;
  private final UpstreamFailed failure;

  UpstreamProblem(String server, UpstreamFailed failure) {
    super(failure);
    this.server = server;
    this.failure = failure;
  }

  /**
   * What the caller is told.
   *
   * @param quote whether what the server wrote is passed on
   */
  Problem problem(boolean quote) {
    ProblemKind kind =
        switch (failure.why()) {
          case REFUSED -> ProblemKind.UPSTREAM_REJECTED;
          case LATE -> ProblemKind.UPSTREAM_TIMEOUT;
          case UNREACHABLE, CUT, TOO_LONG, UNREADABLE, BUSY, RESTING, ABANDONED ->
              ProblemKind.UPSTREAM_UNAVAILABLE;
        };
    Optional<UpstreamFailed.Refusal> refusal = failure.refusal();
    String code = refusal.map(said -> code(said.text())).orElse("");
    String detail = "the server \"" + server + "\" " + failure.getMessage() + code;
    String hint =
        refusal
            .filter(said -> quote && !said.text().isBlank())
            .map(said -> "It wrote: " + said.text().strip())
            .orElse(kind.fix);
    return new Problem(kind, detail, List.of(), hint);
  }

  private static String code(String text) {
    Matcher found = CODE.matcher(text);
    return found.find() ? " (" + found.group(1) + ")" : "";
  }

  /** The time after which the server wants to be asked again; null if it does not say. */
  @Nullable Duration retryAfter() {
    return failure.refusal().map(UpstreamFailed.Refusal::retryAfter).orElse(null);
  }
}
