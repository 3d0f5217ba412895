package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Sampled;
import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Attempt;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Items;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.uncertainty.Settings.Likeness;
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

  private final InputReader inputs;
  private final UncertaintyLimits limits;
  private final Workers workers;
  private final Optional<Embedder> embedder;
  private final Refusals refusals;

  private UncertaintyEndpoint(
      InputReader inputs,
      UncertaintyLimits limits,
      Workers workers,
      Optional<Embedder> embedder,
      Refusals refusals) {
    this.inputs = inputs;
    this.limits = limits;
    this.workers = workers;
    this.embedder = embedder;
    this.refusals = refusals;
  }

  /**
   * The endpoint.
   *
   * @param embedder of texts; empty if texts are not embedded
   */
  public static Endpoint<?> of(
      InputReader inputs,
      UncertaintyLimits limits,
      Workers workers,
      Optional<Embedder> embedder,
      Refusals refusals) {
    var uncertainty = new UncertaintyEndpoint(inputs, limits, workers, embedder, refusals);
    return new Endpoint<>(
        PATH,
        Set.of(Form.JSON, Form.RESPONSE),
        uncertainty::read,
        uncertainty::answer,
        null,
        UncertaintyMethods.LIST,
        UncertaintyEndpoint::cost,
        embedder.filter(Embedder::waits).map(Texts::new).orElse(null));
  }

  /** What is asked; {@code about} says that every figure is to be explained. */
  private record Asked(EntropyUnit unit, boolean about, Items<Question> questions) {}

  /** Texts that are embedded elsewhere. */
  private record Texts(Embedder embedder) implements Endpoint.Await<Asked> {
    @Override
    public boolean waits(Asked asked) {
      return characters(asked.questions) > 0;
    }

    @Override
    public Asked arrived(Asked asked) {
      var questions = new ArrayList<Attempt<Question>>();
      for (Attempt<Question> question : asked.questions.asked()) {
        Attempt<Question> embedded =
            Attempt.of(() -> question.get().embedded(Optional.of(embedder)));
        if (embedded instanceof Attempt.Failed<Question>(RuntimeException why)
            && !(why instanceof InvalidInput)) {
          throw why;
        }
        questions.add(embedded);
      }
      return new Asked(asked.unit, asked.about, new Items<>(questions, asked.questions.several()));
    }
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
      OptionFields.ask(fields);
    }
    Items<Question> questions =
        Items.read(
            fields,
            inputs.limits().rows(),
            own -> new QuestionForm(own, fields, inputs, limits, unit).read());
    limits.textsLength().require(fields.pointer(), characters(questions));
    limits.operations().require(fields.pointer(), operations(questions));
    return new Asked(unit, about, questions);
  }

  /** One question's answer and what is to be said of it. */
  private record Told(Answer answer, List<Warning> warnings, boolean embedded) {}

  private Answer answer(Asked asked, Tally tally) {
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
    tally.input(asked.questions.readable().map(Question::kind).findFirst().orElse("none"));
    tally.rows(data.size(), warnings);
    Answer answer = Answer.of("list").put("unit", asked.unit.wire()).put("data", data);
    if (embedded) {
      answer.put("embedding_model", embedder.map(Embedder::model).orElse(null));
    }
    return Warning.putAll(warnings, answer);
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
