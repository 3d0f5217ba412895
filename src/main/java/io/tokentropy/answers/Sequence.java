package io.tokentropy.answers;

import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How likely one answer was: the log-probabilities of its tokens, or only their sum, and their
 * number where that is known.
 */
public final class Sequence {
  /** A log-probability above 0 by no more than this is the rounding of a server. */
  private static final double NOISE = 1e-6;

  /** Below this it is a sign of something else than a probability. */
  private static final double LEAST = -1e9;

  private final double @Nullable [] tokens;
  private final double lnProb;
  private final int length;

  private Sequence(double @Nullable [] tokens, double lnProb, int length) {
    this.tokens = tokens;
    this.lnProb = lnProb;
    this.length = length;
  }

  /**
   * An answer by its tokens.
   *
   * @param lnProbs of each token, in nats, at most 0
   * @throws InvalidInput.MissingInput if there is none
   * @throws InvalidInput.NotADistribution if one is above 0
   */
  public static Sequence of(double[] lnProbs) {
    if (lnProbs.length == 0) {
      throw new InvalidInput.MissingInput("", "the list is empty; expected a number a token");
    }
    var tokens = new double[lnProbs.length];
    double sum = 0;
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = requireLnProb(lnProbs[i], "/" + i);
      sum += tokens[i];
    }
    return new Sequence(tokens, sum, tokens.length);
  }

  /**
   * An answer by the sum over its tokens.
   *
   * @param lnProb of the whole answer, in nats
   * @param length tokens; empty if nobody knows
   */
  public static Sequence ofSum(double lnProb, OptionalInt length) {
    return new Sequence(null, requireLnProb(lnProb, ""), length.orElse(0));
  }

  private static double requireLnProb(double found, String pointer) {
    if (!(found <= NOISE && found >= LEAST)) {
      throw new InvalidInput.NotADistribution(
          pointer, "found " + found + ", expected a log-probability, at most 0");
    }
    return Math.min(found, 0);
  }

  /** Tokens; empty if nobody knows. */
  public OptionalInt length() {
    return length > 0 ? OptionalInt.of(length) : OptionalInt.empty();
  }

  /** ln p of the whole answer, at most 0. */
  public double lnProb() {
    return lnProb;
  }

  /** p of the whole answer; 0 where it is less than a double can hold. */
  public double probability() {
    return Math.exp(lnProb);
  }

  /** Mean ln p of a token. */
  public OptionalDouble meanLnProb() {
    return length > 0 ? OptionalDouble.of(lnProb / length) : OptionalDouble.empty();
  }

  /** The least probability of a token. */
  public OptionalDouble minTokenProbability() {
    return tokens == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.exp(Arrays.stream(tokens).min().orElseThrow()));
  }

  /** The mean probability of a token. */
  public OptionalDouble meanTokenProbability() {
    return tokens == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(Arrays.stream(tokens).map(Math::exp).sum() / tokens.length);
  }

  /**
   * TokenSAR: −Σ w ln p over the tokens, w in the proportions of what the answer loses without each
   * token. Where it loses nothing without any, all count alike.
   *
   * @param similarityWithoutToken of the whole answer to the answer without each token, 0 to 1
   * @return nats, at least 0
   * @throws InvalidInput.ShapeMismatch if there is not one a token
   * @see <a href="https://arxiv.org/abs/2307.01379">Shifting Attention to Relevance</a>
   */
  public double tokenSar(double[] similarityWithoutToken) {
    if (tokens == null || tokens.length != similarityWithoutToken.length) {
      throw new InvalidInput.ShapeMismatch(
          "",
          "found "
              + similarityWithoutToken.length
              + " similarities for "
              + (tokens == null ? "a sum alone" : tokens.length + " log-probabilities of tokens"));
    }
    double all = 0;
    double weighted = 0;
    for (int i = 0; i < tokens.length; i++) {
      double weight = 1 - requireShare(similarityWithoutToken[i], "/" + i);
      all += weight;
      weighted -= weight * tokens[i];
    }
    return all > 0 ? weighted / all : 0 - lnProb / length;
  }

  private static double requireShare(double found, String pointer) {
    if (!(found >= 0 && found <= 1)) {
      throw new InvalidInput.ParameterOutOfRange(pointer, found, "a similarity between 0 and 1");
    }
    return found;
  }
}
