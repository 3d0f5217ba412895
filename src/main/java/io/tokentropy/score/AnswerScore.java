package io.tokentropy.score;

import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the log-probabilities of an answer say of it as a whole. Tokens of which the server said
 * nothing are passed over.
 *
 * @param tokens how many of them it scored
 * @param lnProb the sum over these, in nats; empty if one has a floor value
 * @param meanEntropy the range of the mean over the tokens with alternatives; null if there are
 *     none
 * @param maxEntropy the range of the greatest of them; null if there are none
 * @param minProbability of the least probable; empty if there is none
 * @param weakest positions of the least probable tokens, the least first, at most three
 */
public record AnswerScore(
    int tokens,
    OptionalDouble lnProb,
    @Nullable Interval meanEntropy,
    @Nullable Interval maxEntropy,
    OptionalDouble minProbability,
    List<Integer> weakest) {
  private static final int WEAKEST = 3;

  public AnswerScore {
    weakest = List.copyOf(weakest);
  }

  /** Scores the tokens of one answer. */
  public static AnswerScore of(List<Token> tokens) {
    double sum = 0;
    boolean all = true;
    int rows = 0;
    double low = 0;
    double high = 0;
    double greatestLow = 0;
    double greatestHigh = 0;
    var known = new ArrayList<Integer>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.isScored()) {
        all &= !token.atFloor();
        sum += token.lnProb().orElse(0);
        known.add(i);
      }
      if (token.row() != null) {
        Interval entropy = token.row().entropy();
        rows++;
        low += entropy.low();
        high += entropy.high();
        greatestLow = Math.max(greatestLow, entropy.low());
        greatestHigh = Math.max(greatestHigh, entropy.high());
      }
    }
    known.sort(Comparator.comparingDouble(i -> lnProb(tokens.get(i))));
    return new AnswerScore(
        known.size(),
        all && !known.isEmpty() ? OptionalDouble.of(sum) : OptionalDouble.empty(),
        rows == 0 ? null : new Interval(low / rows, high / rows),
        rows == 0 ? null : new Interval(greatestLow, greatestHigh),
        known.isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.exp(lnProb(tokens.get(known.getFirst())))),
        known.subList(0, Math.min(WEAKEST, known.size())));
  }

  /** Mean log-probability of a token, in nats. */
  public OptionalDouble meanLnProb() {
    return lnProb.isPresent()
        ? OptionalDouble.of(lnProb.getAsDouble() / tokens)
        : OptionalDouble.empty();
  }

  private static double lnProb(Token token) {
    return token.lnProb().orElse(Double.NEGATIVE_INFINITY);
  }
}
