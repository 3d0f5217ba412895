package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Sampled;
import io.tokentropy.answers.SemanticClasses;
import io.tokentropy.answers.SemanticEntropy;
import io.tokentropy.answers.Sequence;
import io.tokentropy.endpoint.uncertainty.Figure.Means;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The figures of semantic entropy: ours, and those of published code under its name. */
final class SemanticFigures {
  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final String COUNTING = "-sum (n/N) ln (n/N) over the classes";

  /** What lorenzkuhn's code adds to every value, in nats. */
  private static final double LORENZKUHN = 5;

  private final SemanticClasses classes;
  private final Sampled known;
  private final @Nullable Boolean asked;
  private final double lnSize;

  /**
   * The figures of these classes.
   *
   * @param asked whether answers count with the geometric mean over their tokens; null for: where
   *     all lengths are known
   */
  SemanticFigures(SemanticClasses classes, Sampled known, @Nullable Boolean asked) {
    this.classes = classes;
    this.known = known;
    this.asked = asked;
    this.lnSize = Math.log(classes.size());
  }

  void put(Measured out) {
    double discrete = SemanticEntropy.discrete(classes);
    List<Sequence> answers = known.sequences();
    if (answers == null) {
      out.nats("entropy", discrete, 0, lnSize, "discrete: " + COUNTING);
      out.confident("negentropy", share(discrete), 0, 1, "1 - entropy / ln N");
    } else {
      weighted(out, answers);
    }
    out.nats("discrete", discrete, 0, lnSize, COUNTING);
    out.uncertain("discrete_normalized", discrete / lnSize, 0, 1, "discrete / ln N");
    out.lists().put("classes", classes.count()).put("class_probabilities", classes.shares());
    counted(out, discrete);
    if (answers != null) {
      byProbability(out, answers);
    }
  }

  private void weighted(Measured out, List<Sequence> answers) {
    boolean normalized = asked == null ? hasLengths(answers) : asked;
    SemanticEntropy found = SemanticEntropy.of(classes, answers, normalized, known.texts());
    double rao = found.raoBlackwell();
    String mass =
        "; an answer counts with "
            + (normalized ? "the geometric mean of p over its tokens" : "its probability");
    double least = -lnSize;
    out.nats("entropy", rao, 0, lnSize, "Rao-Blackwellised over the classes" + mass);
    out.confident("negentropy", share(rao), 0, 1, "1 - entropy / ln N");
    out.nats("rao_blackwell", rao, 0, lnSize, "-sum q ln q, q = m / sum m" + mass);
    out.uncertain("rao_blackwell_normalized", rao / lnSize, 0, 1, "rao_blackwell / ln N");
    out.nats("monte_carlo", found.monteCarlo(), least, NONE, "-mean ln m over the answers" + mass);
    out.nats("class_mean", found.classMean(), least, NONE, "-mean ln m over the classes" + mass);
  }

  private static boolean hasLengths(List<Sequence> answers) {
    return answers.stream().allMatch(each -> each.length().isPresent());
  }

  private double share(double entropy) {
    return Math.clamp(1 - entropy / lnSize, 0, 1);
  }

  private void confidence(Measured out, String name, double entropy) {
    out.variant(name, share(entropy), Means.MORE_CONFIDENT, 0, 1, "1 - entropy / ln N");
  }

  private void counted(Measured out, double discrete) {
    out.variantNats("jlko_discrete", discrete, 0, lnSize, COUNTING);
    out.variantNats("uqlm_discrete", discrete, 0, lnSize, COUNTING);
    confidence(out, "uqlm_discrete_confidence", discrete);
    out.variantNats("lm_polygraph_empirical", discrete, 0, lnSize, COUNTING);
    out.variantNats(
        "lm_polygraph_empirical_direct",
        SemanticEntropy.discreteOverAnswers(classes),
        0,
        classes.size() / Math.E,
        "-sum (n/N) ln (n/N) over the answers");
  }

  private void byProbability(Measured out, List<Sequence> answers) {
    SemanticEntropy each = SemanticEntropy.of(classes, answers, false, null);
    double least = -lnSize;
    String mean = "-mean ln m over the answers, m sums of p";
    String sum = "-sum m ln m over the answers, m sums of p";
    out.variantNats("lm_polygraph", each.monteCarlo(), least, NONE, mean);
    out.variantNats("lm_polygraph_direct", each.direct(), -NONE, NONE, sum);
    if (known.texts() != null) {
      SemanticEntropy once = SemanticEntropy.of(classes, answers, false, known.texts());
      String unique = ", equal texts once";
      out.variantNats("lm_polygraph_unique", once.monteCarlo(), least, NONE, mean + unique);
      out.variantNats("lm_polygraph_unique_direct", once.direct(), -NONE, NONE, sum + unique);
    }
    out.variantNats("uq_nlg", each.meanMass(), least, NONE, "-ln of the mean m of a class");
    if (hasLengths(answers)) {
      SemanticEntropy normalized = SemanticEntropy.of(classes, answers, true, null);
      double rao = normalized.raoBlackwell();
      String how = "-sum q ln q, each answer with the geometric mean of p";
      out.variantNats("jlko", rao, 0, lnSize, how);
      out.variantNats("uqlm_tokenprob", rao, 0, lnSize, how);
      confidence(out, "uqlm_tokenprob_confidence", rao);
      out.variantNats(
          "lorenzkuhn",
          normalized.classMean() + LORENZKUHN,
          least + LORENZKUHN,
          NONE,
          "5 - mean ln m over the classes, m sums of the geometric means of p");
    }
  }
}
