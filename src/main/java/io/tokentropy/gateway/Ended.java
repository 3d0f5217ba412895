package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.switching.EadTotals;
import io.tokentropy.switching.Model;
import java.util.List;
import java.util.Map;

/**
 * What became of an answer.
 *
 * @param finish why it ended, as clients are told
 * @param tail text after the last piece: of a character that never became complete
 * @param promptTokens of the prompt as it was rendered first
 * @param tokens of the answer, those of a stop string included
 * @param cut tokens that had arrived when a call was closed, and were not used
 * @param uncertified steps whose choice another entropy of their range would change
 * @param paid what each model's calls took
 * @param notes codes of what did not go as planned, in order
 */
public record Ended(
    Finish finish,
    String tail,
    int promptTokens,
    int tokens,
    EadTotals totals,
    int cut,
    int uncertified,
    List<Stretch> stretches,
    Map<Model, Paid> paid,
    List<String> notes) {
  public Ended {
    stretches = List.copyOf(stretches);
    paid = Map.copyOf(paid);
    notes = List.copyOf(notes);
  }

  /** Why an answer ended. */
  public enum Finish {
    STOP,
    LENGTH;

    public String wire() {
      return this == STOP ? "stop" : "length";
    }
  }

  /**
   * What one model wrote in one go.
   *
   * @param start its first token's place in the answer
   * @param tokens that were kept
   * @param reason why it ended: the reason of the switch, the finish, or the fault
   * @param firstTokenMillis from the call to the first token
   */
  public record Stretch(
      Model model, int start, int tokens, String reason, double firstTokenMillis) {}

  /** The calls of one model, and their tokens. */
  public record Paid(int requests, long prompt, long cached, long completion) {
    public static final Paid NOTHING = new Paid(0, 0, 0, 0);

    Paid request() {
      return new Paid(requests + 1, prompt, cached, completion);
    }

    public Paid plus(Paid other) {
      return new Paid(
          requests + other.requests,
          prompt + other.prompt,
          cached + other.cached,
          completion + other.completion);
    }

    Paid plus(Stint.Usage usage) {
      return new Paid(
          requests,
          prompt + usage.prompt(),
          cached + usage.cached(),
          completion + usage.completion());
    }
  }
}
