package io.tokentropy.endpoint.inventropy;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.inventropy.Conditionals;
import io.tokentropy.inventropy.Draws;
import io.tokentropy.inventropy.Groups;
import io.tokentropy.inventropy.InvEntropy;
import io.tokentropy.inventropy.Reach;
import io.tokentropy.inventropy.Replicates;
import io.tokentropy.inventropy.Transitions;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Computes one question of {@code /v1/inv-entropy} and writes what comes out. */
final class InvEntropyAnswer {
  private final EntropyUnit unit;
  private final Set<Wanted> wanted;
  private final Optional<Embedder> embedder;
  private final InvEntropyLimits limits;

  /** What may be asked for beside the scores. */
  enum Wanted {
    MATRICES,
    DIAGONAL,
    PER_DRAW;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** An item and what is to be said of it. */
  record Item(Answer answer, int size, double nats, List<Warning> warnings) {}

  /** Inv-Entropy in nats, and whether it need rise with dispersion. */
  private record Found(double nats, boolean monotone) {}

  InvEntropyAnswer(
      EntropyUnit unit, Set<Wanted> wanted, Optional<Embedder> embedder, InvEntropyLimits limits) {
    this.unit = unit;
    this.wanted = wanted;
    this.embedder = embedder;
    this.limits = limits;
  }

  Item of(InvEntropyTask task, int index) {
    InvEntropyTask.Options options = task.options();
    task.requireCounted(embedder);
    InvEntropyTask.Compared comparedX = task.x().compared(options, embedder);
    InvEntropyTask.Compared comparedY = task.y().compared(options, embedder);
    Similarities prompts = comparedX.similarities();
    Similarities answers = comparedY.similarities();
    if (options.symmetrize()) {
      prompts = prompts.symmetrized();
      answers = answers.symmetrized();
    }
    var warnings = new ArrayList<Warning>();
    longTexts(task.x(), comparedX, options, index).ifPresent(warnings::add);
    longTexts(task.y(), comparedY, options, index).ifPresent(warnings::add);
    if (prompts.hasDuplicates()) {
      warnings.add(
          new Warning(
              "duplicate_prompts",
              "some prompts are alike in every respect; if all are, the score is ln N whatever the"
                  + " answers",
              index));
    }
    Answer answer = new Answer().put("index", index);
    Groups groups = task.groups();
    int size;
    Found found;
    if (groups == null) {
      size = prompts.size();
      Transitions x = transitions(prompts, task.x(), options);
      Transitions y = transitions(answers, task.y(), options);
      found = single(InvEntropy.of(x, y, options.marginalX()), x, y, task, answer);
    } else if (task.draws() == null) {
      size = answers.size();
      Transitions x = transitions(Replicates.repeated(prompts, groups), task.x(), options);
      Transitions y = transitions(answers, task.y(), options);
      found = single(InvEntropy.of(x, y, options.marginalX()), x, y, task, answer);
    } else {
      size = prompts.size();
      found = drawn(prompts, answers, groups, task.draws(), task, answer);
    }
    if (size < 3) {
      warnings.add(
          new Warning("few_prompts", "with N = 2 answers that differ may score lower", index));
    }
    if (!found.monotone()) {
      warnings.add(
          new Warning(
              "not_monotone",
              "some P(x_i | y_i) is not below 1/e: the score need not rise with dispersion",
              index));
    }
    return new Item(answer, size, found.nats(), warnings);
  }

  /** Names the texts that the model could not take whole, each with its word pieces. */
  private static Optional<Warning> longTexts(
      InvEntropyTask.Texts texts,
      InvEntropyTask.Compared compared,
      InvEntropyTask.Options options,
      int index) {
    if (compared.longTexts().isEmpty()) {
      return Optional.empty();
    }
    String standsFor =
        options.longTexts() == LongTexts.MEAN ? "the mean of their windows" : "their beginning";
    String names =
        compared.longTexts().stream()
            .map(text -> texts.pointer() + "/" + text.index() + " (" + text.pieces() + ")")
            .collect(Collectors.joining(", "));
    int limit = compared.longTexts().getFirst().limit();
    return Optional.of(
        new Warning(
            "long_text",
            "for texts of more than %d word pieces %s stands: %s"
                .formatted(limit, standsFor, names),
            index));
  }

  private static Transitions transitions(
      Similarities similarities, InvEntropyTask.Texts texts, InvEntropyTask.Options options) {
    return InvalidInput.under(
        texts.pointer(), () -> Transitions.of(similarities, options.zeroRow()));
  }

  private Found single(
      InvEntropy scores, Transitions x, Transitions y, InvEntropyTask task, Answer answer) {
    scores(x, score -> score.applyAsDouble(scores), null, answer);
    answer.put("monotone", scores.monotone());
    if (wanted.contains(Wanted.MATRICES)) {
      limits.matrix().require(task.x().pointer(), x.size());
      Conditionals whole = Conditionals.of(x, y, scores);
      answer
          .put("transition_x", x.toRows())
          .put("transition_y", y.toRows())
          .put("x_given_y", whole.xGivenY())
          .put("y_given_x", whole.yGivenX())
          .put("true_conditional_entropy", unit.fromNats(whole.trueConditionalEntropy()));
    }
    if (wanted.contains(Wanted.MATRICES) || wanted.contains(Wanted.DIAGONAL)) {
      answer
          .put("marginal_x", scores.marginalX())
          .put("marginal_y", scores.marginalY())
          .put("diag_x_given_y", scores.diagXGivenY())
          .put("diag_y_given_x", scores.diagYGivenX());
    }
    return new Found(scores.invEntropy(), scores.monotone());
  }

  private Found drawn(
      Similarities prompts,
      Similarities answers,
      Groups groups,
      Draws draws,
      InvEntropyTask task,
      Answer answer) {
    InvEntropyTask.Options options = task.options();
    Transitions x = transitions(prompts, task.x(), options);
    Replicates replicates =
        InvalidInput.under(
            task.y().pointer(),
            () -> Replicates.of(x, answers, groups, draws, options.zeroRow(), options.marginalX()));
    scores(
        x, replicates::mean, unit.fromNats(replicates.deviation(InvEntropy::invEntropy)), answer);
    boolean monotone = replicates.draws().stream().allMatch(InvEntropy::monotone);
    answer.put("monotone", monotone).put("draws", draws.size());
    if (wanted.contains(Wanted.MATRICES)) {
      limits.matrix().require(task.x().pointer(), x.size());
      answer.put("transition_x", x.toRows());
    }
    if (wanted.contains(Wanted.MATRICES) || wanted.contains(Wanted.PER_DRAW)) {
      answer
          .put("picks", draws.picks())
          .put(
              "per_draw",
              replicates.draws().stream()
                  .mapToDouble(draw -> unit.fromNats(draw.invEntropy()))
                  .toArray());
    }
    return new Found(replicates.mean(InvEntropy::invEntropy), monotone);
  }

  /** A score of one framework, or its mean over the draws. */
  private interface Reading {
    double of(ToDoubleFunction<InvEntropy> score);
  }

  private void scores(
      Transitions prompts, Reading reading, @Nullable Double deviation, Answer answer) {
    int n = prompts.size();
    Reach reach = Reach.of(prompts);
    double nats = reading.of(InvEntropy::invEntropy);
    answer.put("inv_entropy", unit.fromNats(nats));
    if (deviation != null) {
      answer.put("inv_entropy_std", deviation);
    }
    answer
        .put("ni_entropy", unit.fromNats(reading.of(InvEntropy::niEntropy)))
        .put("max_py_x", reading.of(InvEntropy::maxPyGivenX))
        .put("max_py", reading.of(InvEntropy::maxPy))
        .put("wd_sorted_masses", reading.of(InvEntropy::wdSortedMasses))
        .put("total_variation", reading.of(InvEntropy::totalVariation))
        .put("jensen_shannon", unit.fromNats(reading.of(InvEntropy::jensenShannon)))
        .put("n", n)
        .put("uniform_value", unit.fromNats(Math.log(n)))
        .put("excess", unit.fromNats(nats - Math.log(n)))
        .put("excess_high", unit.fromNats(reach.excess()))
        .put("scaled", reach.scaled(nats - Math.log(n)))
        .put("upper_bound", unit.fromNats(n / Math.E));
  }
}
