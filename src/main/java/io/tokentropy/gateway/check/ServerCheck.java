package io.tokentropy.gateway.check;

import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import io.tokentropy.gateway.engine.Step;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.gateway.engine.StintRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What a server does when it is asked for a few tokens: whether its log-probabilities are those of
 * the model, whether it continues where it left off, whether it keeps what it has read, and whether
 * it stops when nobody listens.
 */
public final class ServerCheck {
  /** Tokens of the prompt: more than a block of a prefix cache, less than any context. */
  private static final int PROMPT = 64;

  /** Tokens that are written at once, and in two halves. */
  private static final int WRITTEN = 8;

  /** Of a first token that is faster than this, twice as long says nothing. */
  private static final long FAST = TimeUnit.MILLISECONDS.toNanos(100);

  private final Engine engine;
  private final Deadline deadline;
  private final int[] prompt;

  private ServerCheck(Engine engine, Deadline deadline, int[] prompt) {
    this.engine = engine;
    this.deadline = deadline;
    this.prompt = prompt;
  }

  /** Some tokens, and what the server counted. */
  private record Written(List<Step> steps, Stint.Usage usage) {
    int[] ids() {
      return steps.stream().flatMap(step -> step.ids().stream()).mapToInt(id -> id).toArray();
    }
  }

  /**
   * The checks {@code logprobs}, {@code continuation}, {@code cache} and {@code cancel}.
   *
   * @throws EngineFailed if the server does not answer as its kind does
   */
  public static List<Finding> of(Engine engine, Deadline deadline) throws EngineFailed {
    int[] ids = engine.render(new Prompt.Text(PairCheck.TEXT), deadline);
    int[] prompt = Arrays.copyOf(ids, Math.min(PROMPT, ids.length));
    var check = new ServerCheck(engine, deadline, prompt);
    Written whole = check.write(prompt, WRITTEN);
    var findings = new ArrayList<Finding>();
    findings.add(logprobs(whole));
    check.continuation(whole, findings);
    findings.add(check.cancel());
    return findings;
  }

  private StintRequest greedy(int[] ids, OptionalInt most) {
    return new StintRequest(ids, most, Sampling.greedy(), OptionalLong.empty());
  }

  private Written write(int[] ids, int most) throws EngineFailed {
    try (Stint stint = engine.open(greedy(ids, OptionalInt.of(most)), deadline)) {
      var steps = new ArrayList<Step>();
      for (Step step = stint.next(); step != null; step = stint.next()) {
        steps.add(step);
      }
      return new Written(steps, stint.usage());
    }
  }

  /** Whether the rows are there, and are the model's own: a greedy draw has not all of the mass. */
  private static Finding logprobs(Written written) {
    List<Step> steps = written.steps();
    long rows = steps.stream().filter(step -> step.row() != null).count();
    long sure = steps.stream().filter(step -> step.lnProb().orElse(-1) == 0).count();
    if (rows == 0) {
      return new Finding("logprobs", false, "no token came with alternatives");
    }
    return sure == steps.size()
        ? new Finding("logprobs", false, "every log-probability is 0: those after the samplers")
        : new Finding("logprobs", true, rows + " of " + steps.size() + " steps have alternatives");
  }

  private void continuation(Written whole, List<Finding> findings) throws EngineFailed {
    int half = WRITTEN / 2;
    Written first = write(prompt, half);
    int[] extended = IntStream.concat(Arrays.stream(prompt), Arrays.stream(first.ids())).toArray();
    Written second = write(extended, half);
    int[] pieces =
        IntStream.concat(Arrays.stream(first.ids()), Arrays.stream(second.ids())).toArray();
    int[] together = whole.ids();
    int compared = Math.min(pieces.length, together.length);
    int at = Arrays.mismatch(Arrays.copyOf(pieces, compared), Arrays.copyOf(together, compared));
    findings.add(
        at < 0
            ? new Finding("continuation", true, compared + " tokens are the same in two pieces")
            : new Finding("continuation", false, "two pieces differ from one at token " + at));
    int cached = second.usage().cached();
    findings.add(
        cached > 0
            ? new Finding("cache", true, cached + " of " + extended.length + " tokens were kept")
            : new Finding("cache", false, "nothing that was read is kept: switching will not pay"));
  }

  /** Whether the next call begins as soon after one that was closed as after none. */
  private Finding cancel() throws EngineFailed {
    long first = firstToken();
    long idle = Math.min(first, firstToken());
    try (Stint stint = engine.open(greedy(prompt, OptionalInt.empty()), deadline)) {
      stint.next();
      stint.next();
    }
    long after = firstToken();
    long most = Math.max(2 * idle, idle + FAST);
    String found =
        TimeUnit.NANOSECONDS.toMillis(after)
            + " ms to the first token after a call that was closed, "
            + TimeUnit.NANOSECONDS.toMillis(idle)
            + " ms after none";
    return new Finding("cancel", after <= most, found);
  }

  private long firstToken() throws EngineFailed {
    long start = System.nanoTime();
    try (Stint stint = engine.open(greedy(prompt, OptionalInt.of(1)), deadline)) {
      stint.next();
      return System.nanoTime() - start;
    }
  }
}
