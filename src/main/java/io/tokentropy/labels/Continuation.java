package io.tokentropy.labels;

import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Locale;

/**
 * An answer of several tokens, scored by the model that did not have to write it.
 *
 * @param lnProb Σ ln p of its tokens; −∞ if one of them cannot be
 * @param tokens how many they are, at least one
 * @param bytes of its text in UTF-8
 */
public record Continuation(String name, double lnProb, int tokens, int bytes) {
  /** What a continuation is measured by. */
  public enum Normalize {
    /** The probability of all of it, which is the smaller the longer it is. */
    SUM,
    /** The mean of a token, which depends on how the text is cut into tokens. */
    MEAN,
    /** The mean of a byte, which does not. */
    PER_BYTE;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
      return wire;
    }
  }

  /** ln p for all of it, or what each token or each byte has of it. */
  double lnProb(Normalize normalize) {
    return switch (normalize) {
      case SUM -> lnProb;
      case MEAN -> lnProb / tokens;
      case PER_BYTE -> lnProb / bytes;
    };
  }

  /** The mean over its tokens. */
  public double meanLnProb() {
    return lnProb / tokens;
  }

  /**
   * How probable each is if one of them is the answer.
   *
   * @throws InvalidInput.AllMasked if none of them can be
   */
  public static LabelFigures.Given given(List<Continuation> all, Normalize normalize) {
    double[] lnProbs = all.stream().mapToDouble(one -> one.lnProb(normalize)).toArray();
    double top = Double.NEGATIVE_INFINITY;
    for (double lnProb : lnProbs) {
      top = Math.max(top, lnProb);
    }
    if (top == Double.NEGATIVE_INFINITY) {
      throw new InvalidInput.AllMasked("");
    }
    var scaled = new double[lnProbs.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = Math.exp(lnProbs[i] - top);
    }
    return LabelFigures.given(Shares.exactly(scaled, 0), null);
  }
}
