package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Sampled;
import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Attempt;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Items;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.uncertainty.Settings.Likeness;
import io.tokentropy.entailment.Judge;
import io.tokentropy.entailment.Verdicts;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/uncertainty}: how far sampled answers to one question say the same. */
public final class UncertaintyEndpoint {
  public static final String PATH = "/v1/uncertainty";

  /** About how many operations it takes to embed one character of a text. */
  private static final long CHARACTER = 200_000;

  /** Those that mean the same whatever else is known of the answers. */
  private static final Scores SCORES =
      Scores.NONE
          .uncertainInUnit("data.sequence.msp_uncertainty", "data.sequence.log_perplexity")
          .uncertain("data.sequence.perplexity")
          .confident("data.sequence.sum_logprob", "data.sequence.probability")
          .confident("data.sequence.normalized_probability")
          .confident("data.sequence.min_token_probability")
          .confident("data.sequence.mean_token_probability")
          .uncertainInUnit("data.mc_entropy.entropy", "data.mc_entropy.length_normalized")
          .uncertainInUnit("data.semantic_entropy.rao_blackwell", "data.semantic_entropy.discrete")
          .uncertain("data.semantic_entropy.rao_blackwell_normalized")
          .uncertain("data.semantic_entropy.discrete_normalized")
          .uncertain("data.semantic_classes.count")
          .uncertain("data.spectral.eig_val_laplacian", "data.spectral.deg_mat")
          .uncertain("data.spectral.eccentricity")
          .uncertainInUnit("data.kle.kle")
          .uncertain("data.kle.kle_normalized", "data.lexical.uncertainty")
          .uncertainInUnit("data.token_sar.token_sar", "data.sentence_sar.sentence_sar")
          .uncertainInUnit("data.sar.sar")
          .confident("data.consistency.noncontradiction", "data.consistency.entailment")
          .confident("data.consistency.similarity", "data.consistency.exact_match");

  private final InputReader inputs;
  private final UncertaintyLimits limits;
  private final Workers workers;
  private final Optional<Embedder> embedder;
  private final Optional<Judge> judge;
  private final Refusals refusals;

  private UncertaintyEndpoint(
      InputReader inputs,
      UncertaintyLimits limits,
      Workers workers,
      Optional<Embedder> embedder,
      Optional<Judge> judge,
      Refusals refusals) {
    this.inputs = inputs;
    this.limits = limits;
    this.workers = workers;
    this.embedder = embedder;
    this.judge = judge;
    this.refusals = refusals;
  }

  /**
   * The endpoint.
   *
   * @param embedder of texts; empty if texts are not embedded
   * @param judge of what follows from what; empty if there is none
   */
  public static Endpoint<?> of(
      InputReader inputs,
      UncertaintyLimits limits,
      Workers workers,
      Optional<Embedder> embedder,
      Optional<Judge> judge,
      Refusals refusals) {
    var uncertainty = new UncertaintyEndpoint(inputs, limits, workers, embedder, judge, refusals);
    Optional<Embedder> elsewhere = embedder.filter(Embedder::waits);
    return new Endpoint<>(
            PATH,
            Set.of(Form.JSON, Form.RESPONSE),
            uncertainty::read,
            uncertainty::answer,
            null,
            UncertaintyMethods.LIST,
            UncertaintyEndpoint::cost,
            elsewhere.isEmpty() && judge.isEmpty() ? null : new Elsewhere(elsewhere, judge))
        .scoring(SCORES);
  }

  /**
   * The same for bodies that are made here, of texts and log-probabilities alone: nothing is
   * embedded or judged.
   */
  public static Measurer measurer(
      InputReader inputs, UncertaintyLimits limits, Workers workers, Refusals refusals) {
    return new Measurer(
        new UncertaintyEndpoint(
            inputs, limits, workers, Optional.empty(), Optional.empty(), refusals));
  }

  /** Measures bodies that are made here, exactly as the endpoint would measure them. */
  public static final class Measurer {
    private final UncertaintyEndpoint endpoint;

    private Measurer(UncertaintyEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    /** What is asked, or its refusal, as of a call. */
    public Measuring read(Fields fields) {
      Asked asked = endpoint.read(fields);
      fields.done();
      return new Measuring(endpoint, asked);
    }
  }

  /** What is asked by one body. */
  public static final class Measuring {
    private final UncertaintyEndpoint endpoint;
    private final Asked asked;

    private Measuring(UncertaintyEndpoint endpoint, Asked asked) {
      this.endpoint = endpoint;
      this.asked = asked;
    }

    public Cost cost() {
      return UncertaintyEndpoint.cost(asked);
    }

    public Outcome measured() {
      return endpoint.outcome(asked);
    }
  }

  /** What is asked; {@code about} says that every figure is to be explained. */
  private record Asked(EntropyUnit unit, boolean about, Items<Question> questions) {}

  /** What other servers are asked, where texts are embedded or judged by one. */
  private record Elsewhere(Optional<Embedder> embedder, Optional<Judge> judge)
      implements Endpoint.Await<Asked> {
    @Override
    public boolean waits(Asked asked) {
      return (embedder.isPresent() && characters(asked.questions) > 0)
          || asked.questions.readable().anyMatch(Question::isToBeJudged);
    }

    @Override
    public Asked arrived(Asked asked) {
      Optional<Verdicts> verdicts = judge.map(Verdicts::new);
      var questions = new ArrayList<Attempt<Question>>();
      for (Attempt<Question> question : asked.questions.asked()) {
        Attempt<Question> known = Attempt.of(() -> known(question.get(), verdicts));
        if (known instanceof Attempt.Failed<Question>(RuntimeException why)
            && !(why instanceof InvalidInput)) {
          throw why;
        }
        questions.add(known);
      }
      return new Asked(asked.unit, asked.about, new Items<>(questions, asked.questions.several()));
    }

    private Question known(Question question, Optional<Verdicts> verdicts) {
      Question embedded = embedder.isPresent() ? question.embedded(embedder) : question;
      return verdicts.map(embedded::judged).orElse(embedded);
    }
  }

  private static long pairs(Items<Question> questions) {
    return questions.readable().mapToLong(Question::pairs).sum();
  }

  private static long characters(Items<Question> questions) {
    return questions.readable().mapToLong(Question::characters).sum();
  }

  private static long operations(Items<Question> questions) {
    return questions.readable().mapToLong(Question::operations).sum();
  }

  private static Cost cost(Asked asked) {
    Items<Question> questions = asked.questions;
    long largest = questions.readable().mapToLong(Question::bytes).max().orElse(0);
    int atOnce = Math.min(questions.asked().size(), Runtime.getRuntime().availableProcessors());
    return Cost.of(operations(questions) + CHARACTER * characters(questions), largest * atOnce);
  }

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    boolean about = fields.flag("about", true);
    if (fields.has("items")) {
      Settings.read(fields, fields);
      fields.get("entailment_from");
      OptionFields.ask(fields);
    }
    Items<Question> questions =
        Items.read(
            fields,
            inputs.limits().rows(),
            own -> new QuestionForm(own, fields, inputs, limits, judge, unit).read());
    limits.entailmentPairs().require(fields.pointer(), pairs(questions));
    limits.textsLength().require(fields.pointer(), characters(questions));
    limits.operations().require(fields.pointer(), operations(questions));
    return new Asked(unit, about, questions);
  }

  /** One question's answer and what is to be said of it. */
  private record Told(Answer answer, List<Warning> warnings, boolean embedded) {}

  /**
   * What comes out of a call.
   *
   * @param data an item for each question
   * @param embedded whether texts were
   */
  public record Outcome(List<Answer> data, List<Warning> warnings, boolean embedded) {}

  private Outcome outcome(Asked asked) {
    List<Attempt<Question>> questions = asked.questions.asked();
    List<Attempt<Told>> outcomes =
        workers.map(
            questions.size(),
            cost(asked).operations(),
            i -> Attempt.of(() -> told(questions.get(i).get(), i, asked)));
    var data = new ArrayList<Answer>();
    var warnings = new ArrayList<Warning>();
    boolean embedded = false;
    for (Attempt<Told> outcome : outcomes) {
      if (asked.questions.several()
          && outcome instanceof Attempt.Failed<Told>(InvalidInput refusal)) {
        data.add(new Answer().put("index", data.size()).put("error", refusals.of(refusal)));
        continue;
      }
      Told told = outcome.get();
      data.add(told.answer);
      warnings.addAll(told.warnings);
      embedded |= told.embedded;
    }
    return new Outcome(data, warnings, embedded);
  }

  private Answer answer(Asked asked, Tally tally) {
    Outcome outcome = outcome(asked);
    tally.input(asked.questions.readable().map(Question::kind).findFirst().orElse("none"));
    tally.rows(outcome.data.size(), outcome.warnings);
    Answer answer = Answer.of("list").put("unit", asked.unit.wire()).put("data", outcome.data);
    if (outcome.embedded) {
      answer.put("embedding_model", embedder.map(Embedder::model).orElse(null));
    }
    if (pairs(asked.questions) > 0) {
      answer.put("entailment_model", judge.map(Judge::model).orElse(null));
    }
    return Warning.putAll(outcome.warnings, answer);
  }

  private Told told(Question asked, int index, Asked all) {
    Question question = asked.embedded(embedder);
    Sampled known = question.compared();
    List<Measured> measured =
        InvalidInput.under(
            question.pointer(),
            () ->
                Measures.of(
                    known,
                    question.settings().judged(),
                    question.wanted(),
                    question.options(),
                    all.unit));
    var warnings = new ArrayList<>(question.warnings(index));
    Answer answer = new Answer().put("index", index).put("n", known.size());
    Likeness likeness = question.likeness();
    if (likeness != null) {
      answer.put("similarity_from", likeness.wire());
    }
    if (question.judging() != null) {
      answer
          .put("entailment_from", Judging.From.SERVER.wire())
          .put("entailment_width", question.width());
    }
    for (Measured each : measured) {
      answer.put(each.measure().wire(), each.toAnswer(all.about));
      if (!each.unbounded().isEmpty()) {
        warnings.add(
            new Warning(
                "unbounded",
                each.measure().wire()
                    + ": "
                    + String.join(", ", each.unbounded())
                    + " is too large for a number",
                index));
      }
    }
    return new Told(answer, warnings, likeness == Likeness.EMBEDDING);
  }
}
