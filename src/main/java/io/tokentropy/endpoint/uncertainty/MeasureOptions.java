package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.RougeL;
import io.tokentropy.answers.SemanticClasses;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How measures go about it.
 *
 * @param lengthNormalized whether an answer counts with the geometric mean over its tokens; null
 *     for: where all lengths are known
 * @param words what a word is to {@code lexical}
 * @param sentenceT of {@code sentence_sar}
 * @param sarT of {@code sar}
 */
public record MeasureOptions(
    Classes classes,
    @Nullable Boolean lengthNormalized,
    Spectral spectral,
    Kernel kernel,
    RougeL.Words words,
    double sentenceT,
    double sarT) {

  /** What holds where nothing is said. */
  public static final MeasureOptions DEFAULT =
      new MeasureOptions(
          new Classes(
              SemanticClasses.Rule.STRICT, SemanticClasses.Assign.GREEDY, 0.85, By.WHAT_IS_THERE),
          null,
          new Spectral(0.9, Affinity.ENTAIL, true, By.WHAT_IS_THERE),
          new Kernel(0.3, By.WHAT_IS_THERE),
          RougeL.Words.ASCII,
          0.001,
          0.001);

  /** What tells which answers go together. */
  public enum By {
    /** The judge of inference where there is one, else the similarities. */
    WHAT_IS_THERE("auto"),
    /** The judge of inference. */
    NLI("nli"),
    /** The similarities. */
    SIMILARITY("similarity");

    private final String wire;

    By(String wire) {
      this.wire = wire;
    }

    public String wire() {
      return wire;
    }
  }

  /** What ties answers in a graph by a judge of inference. */
  public enum Affinity {
    /** The mean probability of entailment. */
    ENTAIL,
    /** 1 less the mean probability of contradiction. */
    CONTRA;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Of semantic classes.
   *
   * @param rule by a judge of inference
   * @param threshold of likeness, from which on two answers mean the same
   */
  public record Classes(
      SemanticClasses.Rule rule, SemanticClasses.Assign assign, double threshold, By by) {}

  /**
   * Of the spectral measures.
   *
   * @param threshold of the eigenvalues whose eigenvectors count for the eccentricity
   * @param unitDiagonal whether each answer's likeness to itself is set to 1
   */
  public record Spectral(double threshold, Affinity affinity, boolean unitDiagonal, By by) {}

  /**
   * Of kernel language entropy.
   *
   * @param t how long the heat spreads
   */
  public record Kernel(double t, By by) {}
}
