package io.tokentropy.endpoint.evaluation;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.evaluation.BinarySeries;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /v1/evaluation/binary}: whether yes/no draws are those of a coin. */
public final class BinaryEndpoint {
  public static final String PATH = "/v1/evaluation/binary";

  private static final int STREAK = 3;
  private static final int LONGEST_STREAK = 64;

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "binary",
                  PATH,
                  "Whether a series of yes/no draws is that of a fair coin that remembers nothing",
                  "O(draws x max_streak)")
              .formula(
                  "chi2 of the share; Wald-Wolfowitz runs; chi2 of the transition table; share of"
                      + " reversals after streaks, against that of independent draws")
              .disagreement("Standard tests: the paper's own statistics are not stated")
              .parameter("series", "list", "true | false | 1 | 0, or two texts")
              .parameter("yes", "string", "the text that counts as yes", "none")
              .parameter("max_streak", "integer", "1 to " + LONGEST_STREAK, "" + STREAK)
              .parameter("unit", "string", "nat | bit", "nat"));

  private BinaryEndpoint() {}

  private record Asked(BinarySeries found, EntropyUnit unit) {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(PATH, fields -> read(fields, inputs), BinaryEndpoint::answer, METHODS);
  }

  private static Asked read(Fields fields, InputReader inputs) {
    Value series = fields.require("series");
    Judged.requireSome(series, inputs);
    List<Value> draws = series.asList();
    String yes = fields.text("yes");
    boolean[] flags = yes == null ? Judged.flags(draws) : texts(draws, yes);
    int maxStreak = fields.integer("max_streak", STREAK);
    if (maxStreak < 1 || maxStreak > LONGEST_STREAK) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("max_streak"), maxStreak, "between 1 and " + LONGEST_STREAK);
    }
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    return new Asked(BinarySeries.of(flags, maxStreak), unit);
  }

  /** Draws that are one of two texts. */
  private static boolean[] texts(List<Value> draws, String yes) {
    var flags = new boolean[draws.size()];
    @Nullable String no = null;
    for (int i = 0; i < flags.length; i++) {
      String text = draws.get(i).asText();
      flags[i] = text.equals(yes);
      if (!flags[i]) {
        no = Objects.requireNonNullElse(no, text);
        if (!text.equals(no)) {
          throw new InvalidInput.ParameterOutOfRange(
              draws.get(i).pointer(), draws.get(i).found(), "\"" + yes + "\" or \"" + no + "\"");
        }
      }
    }
    return flags;
  }

  private static Answer answer(Asked asked, Tally tally) {
    BinarySeries found = asked.found;
    BinarySeries.Transitions follows = found.transitions();
    Answer item =
        new Answer()
            .put("index", 0)
            .put("n", found.n())
            .put("yes_rate", found.yesRate())
            .put("yes_rate_low", found.yesRateLow())
            .put("yes_rate_high", found.yesRateHigh())
            .put("uniform_chi2", found.uniformChi2())
            .put("uniform_p_value", found.uniformPValue())
            .put(
                "transitions",
                List.of(
                    new int[] {follows.noNo(), follows.noYes()},
                    new int[] {follows.yesNo(), follows.yesYes()}))
            .put("yes_after_no", follows.yesAfterNo())
            .put("yes_after_yes", follows.yesAfterYes())
            .put("dependence_chi2", follows.dependence())
            .put("dependence_p_value", found.dependencePValue())
            .put("fair_coin_chi2", follows.fairCoin())
            .put("fair_coin_p_value", found.fairCoinPValue())
            .put("runs", found.runs())
            .put("runs_z", found.runsZ())
            .put("runs_p_value", found.runsPValue())
            .put("entropy", asked.unit.fromNats(found.entropy()))
            .put("conditional_entropy", asked.unit.fromNats(follows.conditionalEntropy()))
            .put("streak_counts", found.streaks().stream().map(BinarySeries.Streak::count).toList())
            .put("reversal_after_streak", found.reversalShares())
            .put("independent_reversal", found.independentReversalShares());
    Answer answer = Answer.of("list").put("unit", asked.unit.wire()).put("data", List.of(item));
    boolean oneSided = found.yes() == 0 || found.yes() == found.n();
    return Warning.putAll(oneSided ? List.of(oneSide()) : List.of(), answer);
  }

  private static Warning oneSide() {
    return Warning.of("one_class", "all draws are alike: tests that need both sides are left out");
  }
}
