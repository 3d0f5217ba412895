package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.AnswerGraph;
import io.tokentropy.answers.Consistency;
import io.tokentropy.answers.Entailments;
import io.tokentropy.answers.KernelEntropy;
import io.tokentropy.answers.RougeL;
import io.tokentropy.answers.Sampled;
import io.tokentropy.answers.SampledEntropy;
import io.tokentropy.answers.SemanticClasses;
import io.tokentropy.answers.SentenceSar;
import io.tokentropy.answers.Sequence;
import io.tokentropy.answers.Spectrum;
import io.tokentropy.endpoint.uncertainty.MeasureOptions.By;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Computes measures of sampled answers; whoever has answers may call it. */
public final class Measures {
  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final String BY_TOKENS = "from the log-probabilities of the tokens";

  private final Sampled known;
  private final int judged;
  private final MeasureOptions options;
  private final EntropyUnit unit;

  private Measures(Sampled known, int judged, MeasureOptions options, EntropyUnit unit) {
    this.known = known;
    this.judged = judged;
    this.options = options;
    this.unit = unit;
  }

  /**
   * The wanted measures of the answers to one question, in the order of {@link Measure}.
   *
   * @param known what is known of the answers; it must allow every measure
   * @param judged the answer that is judged by the others
   * @param unit of entropies in the figures
   * @throws InvalidInput if what is known does not fit together
   */
  public static List<Measured> of(
      Sampled known, int judged, Set<Measure> wanted, MeasureOptions options, EntropyUnit unit) {
    var measures = new Measures(known, judged, options, unit);
    return wanted.stream().sorted().map(measures::measured).toList();
  }

  private Measured measured(Measure measure) {
    var out = new Measured(measure, unit);
    switch (measure) {
      case SEQUENCE -> sequence(out);
      case MC_ENTROPY -> sampledEntropy(out);
      case SEMANTIC_CLASSES -> classes(out);
      case SEMANTIC_ENTROPY -> semanticEntropy(out);
      case SPECTRAL -> spectral(out);
      case KLE -> kernel(out);
      case LEXICAL -> lexical(out);
      case TOKEN_SAR -> tokenSar(out);
      case SENTENCE_SAR -> sentenceSar(out, known.usedEnergies(), options.sentenceT());
      case SAR -> sar(out);
      case CONSISTENCY -> consistency(out);
    }
    return out;
  }

  private static <T> T there(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("a measure was asked for whose input is not known");
    }
    return part;
  }

  private double lnSize() {
    return Math.log(known.size());
  }

  private void sequence(Measured out) {
    List<Sequence> all = there(known.sequences());
    Sequence answer = all.get(judged);
    out.nats("msp_uncertainty", -answer.lnProb(), 0, NONE, "-ln p of the answer, " + BY_TOKENS);
    out.confident("sum_logprob", answer.lnProb(), -NONE, 0, "ln p of the answer, always in nats");
    out.confident("probability", answer.probability(), 0, 1, "p of the answer");
    answer
        .meanLnProb()
        .ifPresent(
            mean -> {
              out.nats("log_perplexity", -mean, 0, NONE, "mean of -ln p over the tokens");
              out.uncertain("perplexity", Math.exp(-mean), 1, NONE, "e^(mean of -ln p)");
              out.confident("normalized_probability", Math.exp(mean), 0, 1, "geometric mean of p");
            });
    answer
        .minTokenProbability()
        .ifPresent(p -> out.confident("min_token_probability", p, 0, 1, "the least p of a token"));
    answer
        .meanTokenProbability()
        .ifPresent(p -> out.confident("mean_token_probability", p, 0, 1, "arithmetic mean of p"));
    out.lists().put("length", answer.length());
    if (all.size() > 1) {
      out.lists()
          .put("answer", judged)
          .put("sum_logprobs", all.stream().mapToDouble(Sequence::lnProb).toArray());
    }
  }

  private void sampledEntropy(Measured out) {
    SampledEntropy found = SampledEntropy.of(there(known.sequences()));
    out.nats("entropy", found.entropy(), 0, NONE, "Monte Carlo: mean of -ln p over the answers");
    found
        .lengthNormalized()
        .ifPresent(mean -> out.nats("length_normalized", mean, 0, NONE, "mean of -ln p / length"));
    found
        .standardError()
        .ifPresent(
            error -> out.nats("standard_error", error, 0, NONE, "of entropy, from the spread"));
    found
        .meanProbability()
        .ifPresent(
            p -> out.confident("mean_probability", p, 0, 1, "mean of the geometric means of p"));
  }

  private SemanticClasses semanticClasses() {
    if (known.classes() != null) {
      return known.classes();
    }
    MeasureOptions.Classes how = options.classes();
    return usesJudge(how.by())
        ? SemanticClasses.of(there(known.entailments()), how.rule(), how.assign())
        : SemanticClasses.of(there(known.similarities()), how.threshold(), how.assign());
  }

  /** Whether the judge of inference tells which answers go together. */
  private boolean usesJudge(By by) {
    boolean judge =
        switch (by) {
          case WHAT_IS_THERE -> known.entailments() != null;
          case NLI -> true;
          case SIMILARITY -> false;
        };
    if (judge && known.entailments() == null) {
      throw new InvalidInput.MissingInput("", "by nli needs entail and contra");
    }
    if (!judge && known.similarities() == null) {
      throw new InvalidInput.MissingInput("", "by similarity needs similarity or texts");
    }
    return judge;
  }

  private void classes(Measured out) {
    SemanticClasses found = semanticClasses();
    out.count("count", found.count(), 1, known.size(), "number of meanings");
    out.lists().put("classes", found.toArray());
  }

  private void semanticEntropy(Measured out) {
    new SemanticFigures(semanticClasses(), known, options.lengthNormalized()).put(out);
  }

  private static <T> T at(String field, Supplier<T> part) {
    return InvalidInput.under("/" + field, part);
  }

  private void spectral(Measured out) {
    MeasureOptions.Spectral how = options.spectral();
    boolean judge = usesJudge(how.by());
    AnswerGraph graph =
        judge
            ? switch (how.affinity()) {
              case ENTAIL -> AnswerGraph.byEntailment(there(known.entailments()));
              case CONTRA -> AnswerGraph.byContradiction(there(known.entailments()));
            }
            : AnswerGraph.of(there(known.similarities()));
    AnswerGraph used = how.unitDiagonal() ? graph.withUnitDiagonal() : graph;
    Spectrum found = at(judge ? "entail" : "similarity", () -> Spectrum.of(used, how.threshold()));
    int n = known.size();
    out.uncertain(
        "eig_val_laplacian", found.eigValLaplacian(), 1, n, "sum of max(0, 1 - eigenvalue)");
    out.uncertain("deg_mat", found.degMat(), 0, 1, "sum of (N - degree) / N^2");
    out.uncertain(
        "eccentricity",
        found.eccentricity(),
        0,
        Math.sqrt(n - 1.0),
        "distance from the mean in the eigenvectors below the threshold");
    out.lists()
        .put("degree_confidence", found.degreeConfidences())
        .put("eccentricity_confidence", found.eccentricityConfidences())
        .put("nearest_to_threshold", found.nearest());
  }

  private void kernel(Measured out) {
    MeasureOptions.Kernel how = options.kernel();
    AnswerGraph graph =
        usesJudge(how.by())
            ? AnswerGraph.byBothDirections(there(known.entailments()))
            : AnswerGraph.of(there(known.similarities()));
    double entropy = KernelEntropy.of(graph, how.t());
    out.nats(
        "kle",
        entropy,
        0,
        lnSize(),
        "von Neumann entropy of exp(-t (D - W)) with its diagonal scaled to 1/N, t = " + how.t());
    out.uncertain("kle_normalized", entropy / lnSize(), 0, 1, "kle / ln N");
  }

  private void lexical(Measured out) {
    double mean = RougeL.mean(there(known.texts()), options.words());
    out.uncertain("uncertainty", 1 - mean, 0, 1, "1 - mean ROUGE-L F1 of all pairs");
    out.confident("mean_rouge_l", mean, 0, 1, "mean ROUGE-L F1 of all pairs, without stemming");
  }

  private void tokenSar(Measured out) {
    List<Double> all = at("similarity_without_token", known::tokenSar);
    out.nats(
        "token_sar",
        all.get(judged),
        0,
        NONE,
        "-sum w ln p, w in the proportions of 1 - similarity_without_token");
    if (all.size() > 1) {
      out.lists()
          .put("answer", judged)
          .put("per_answer", all.stream().mapToDouble(unit::fromNats).toArray());
    }
  }

  private void sar(Measured out) {
    List<Double> energies = at("similarity_without_token", known::tokenSar);
    sentenceSar(out, energies.stream().mapToDouble(each -> each).toArray(), options.sarT());
  }

  private void sentenceSar(Measured out, double[] energies, double t) {
    Similarities similarities = there(known.similarities());
    out.nats(
        out.measure().wire(),
        SentenceSar.of(energies, similarities, t),
        -Math.log1p((known.size() - 1) / t),
        NONE,
        "-mean ln (p + sum of similarity p' / t), t = " + t);
  }

  private void consistency(Measured out) {
    List<String> texts = known.texts();
    Similarities similarities = known.similarities();
    Entailments judge = known.entailments();
    String mean = "mean over the other answers of ";
    if (judge != null) {
      out.confident(
          "noncontradiction",
          Consistency.nonContradiction(judge, judged),
          0,
          1,
          mean + "1 - P(contradiction), of both directions");
      out.confident(
          "entailment",
          Consistency.entailment(judge, judged),
          0,
          1,
          mean + "P(entailment), of both directions");
    }
    if (similarities != null) {
      double likeness = Consistency.likeness(similarities, judged);
      out.confident("similarity", likeness, 0, 1, mean + "the similarity");
      List<Sequence> answers = known.sequences();
      if (answers != null) {
        answers
            .get(judged)
            .meanLnProb()
            .ifPresent(
                lnProb ->
                    out.confident(
                        "consistency_and_confidence",
                        likeness * Math.exp(lnProb),
                        0,
                        1,
                        "similarity times the geometric mean of p of the answer"));
      }
    }
    if (texts != null) {
      out.confident(
          "exact_match",
          Consistency.exactMatch(texts, judged),
          0,
          1,
          mean + "texts that are equal");
    }
    out.lists().put("answer", judged);
  }
}
