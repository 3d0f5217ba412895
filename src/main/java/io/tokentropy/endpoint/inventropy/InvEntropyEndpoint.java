package io.tokentropy.endpoint.inventropy;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Attempt;
import io.tokentropy.endpoint.Attempt.Done;
import io.tokentropy.endpoint.Attempt.Failed;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.InputLimits;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /v1/inv-entropy}. */
public final class InvEntropyEndpoint {
  public static final String PATH = "/v1/inv-entropy";

  /** About how many operations it takes to embed one character of a text. */
  private static final long CHARACTER = 200_000;

  private static final Scores SCORES =
      Scores.NONE
          .uncertainInUnit("data.inv_entropy", "data.ni_entropy", "data.excess")
          .uncertain("data.scaled");

  private final InputLimits inputs;
  private final InvEntropyLimits limits;
  private final Workers workers;
  private final Optional<Embedder> embedder;
  private final Refusals refusals;

  private InvEntropyEndpoint(
      InputLimits inputs,
      InvEntropyLimits limits,
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
   * @param embedder of texts; empty if texts are not taken
   */
  public static Endpoint<?> of(
      InputLimits inputs,
      InvEntropyLimits limits,
      Workers workers,
      Optional<Embedder> embedder,
      Refusals refusals) {
    var invEntropy = new InvEntropyEndpoint(inputs, limits, workers, embedder, refusals);
    return new Endpoint<>(
            PATH,
            Set.of(Form.JSON),
            invEntropy::read,
            invEntropy::answer,
            null,
            InvEntropyMethods.LIST,
            InvEntropyEndpoint::cost,
            invEntropy.await())
        .scoring(SCORES);
  }

  /** The same for bodies that are made here. */
  public static Scorer scorer(
      InputLimits inputs,
      InvEntropyLimits limits,
      Workers workers,
      Optional<Embedder> embedder,
      Refusals refusals) {
    return new Scorer(new InvEntropyEndpoint(inputs, limits, workers, embedder, refusals));
  }

  private Endpoint.@Nullable Await<Asked> await() {
    return embedder.filter(Embedder::waits).map(Texts::new).orElse(null);
  }

  /** Texts that are embedded elsewhere. */
  private record Texts(Embedder embedder) implements Endpoint.Await<Asked> {
    @Override
    public boolean waits(Asked asked) {
      return characters(asked) > 0;
    }

    @Override
    public Asked arrived(Asked asked) {
      var questions = new ArrayList<Attempt<InvEntropyTask>>(asked.questions().size());
      for (Attempt<InvEntropyTask> question : asked.questions()) {
        Attempt<InvEntropyTask> embedded = Attempt.of(() -> question.get().embedded(embedder));
        if (embedded instanceof Failed<InvEntropyTask>(RuntimeException why)
            && !(why instanceof InvalidInput)) {
          throw why;
        }
        questions.add(embedded);
      }
      return new Asked(asked.unit(), asked.wanted(), questions, asked.several());
    }
  }

  private static long characters(Asked asked) {
    return readable(asked.questions()).mapToLong(InvEntropyTask::characters).sum();
  }

  private static Cost cost(Asked asked) {
    long largest = readable(asked.questions()).mapToLong(InvEntropyTask::bytes).max().orElse(0);
    int atOnce = Math.min(asked.questions().size(), Runtime.getRuntime().availableProcessors());
    return Cost.of(operations(asked.questions()) + CHARACTER * characters(asked), largest * atOnce);
  }

  /** What is asked; {@code several} says that questions came as items, each with its own error. */
  private record Asked(
      EntropyUnit unit,
      Set<InvEntropyAnswer.Wanted> wanted,
      List<Attempt<InvEntropyTask>> questions,
      boolean several) {}

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    var wanted = EnumSet.noneOf(InvEntropyAnswer.Wanted.class);
    for (Value word : fields.list("return")) {
      wanted.add(Fields.word(word, InvEntropyAnswer.Wanted.class, InvEntropyAnswer.Wanted::wire));
    }
    Value items = fields.get("items");
    if (items == null) {
      List<Attempt<InvEntropyTask>> question =
          List.of(new Done<>(InvEntropyTask.read(fields, fields, inputs, limits)));
      requireWithin(question, fields.pointer());
      return new Asked(unit, wanted, question, false);
    }
    List<Value> list = items.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(items.pointer(), "the list is empty; expected questions");
    }
    inputs.rows().require(items.pointer(), list.size());
    List<Attempt<InvEntropyTask>> questions =
        list.stream().map(item -> question(item, fields)).toList();
    requireWithin(questions, items.pointer());
    return new Asked(unit, wanted, questions, true);
  }

  /** Refuses what would keep the cores busy for too long. */
  private void requireWithin(List<Attempt<InvEntropyTask>> questions, String pointer) {
    limits
        .textsLength()
        .require(pointer, readable(questions).mapToLong(InvEntropyTask::characters).sum());
    limits.operations().require(pointer, operations(questions));
  }

  private static long operations(List<Attempt<InvEntropyTask>> questions) {
    return readable(questions).mapToLong(InvEntropyTask::operations).sum();
  }

  /** The questions that could be read. */
  private static Stream<InvEntropyTask> readable(List<Attempt<InvEntropyTask>> questions) {
    return questions.stream()
        .mapMulti(
            (question, tasks) -> {
              if (question instanceof Done<InvEntropyTask>(InvEntropyTask task)) {
                tasks.accept(task);
              }
            });
  }

  private Attempt<InvEntropyTask> question(Value item, Fields request) {
    return Attempt.of(
        () -> {
          Fields fields = item.asFields();
          InvEntropyTask task = InvEntropyTask.read(fields, request, inputs, limits);
          fields.done();
          return task;
        });
  }

  private Answer answer(Asked asked, Tally tally) {
    Scored scored = scored(asked, tally);
    return Warning.putAll(scored.warnings(), scored.answer());
  }

  /**
   * What comes out of a call.
   *
   * @param answer without the warnings
   * @param nats the Inv-Entropy of each question that could be scored
   */
  public record Scored(Answer answer, List<Warning> warnings, List<Double> nats) {}

  private Scored scored(Asked asked, Tally tally) {
    String kind = readable(asked.questions()).map(InvEntropyTask::kind).findFirst().orElse("none");
    var writer = new InvEntropyAnswer(asked.unit(), asked.wanted(), embedder, limits);
    List<Attempt<InvEntropyAnswer.Item>> outcomes =
        workers.map(
            asked.questions().size(),
            cost(asked).operations(),
            i -> outcome(asked.questions().get(i), i, writer));
    var data = new ArrayList<Answer>();
    var warnings = new ArrayList<Warning>();
    var sizes = new ArrayList<Integer>();
    var nats = new ArrayList<Double>();
    for (Attempt<InvEntropyAnswer.Item> outcome : outcomes) {
      switch (outcome) {
        case Done<InvEntropyAnswer.Item>(InvEntropyAnswer.Item item) -> {
          data.add(item.answer());
          warnings.addAll(item.warnings());
          sizes.add(item.size());
          nats.add(item.nats());
          tally.invEntropy(item.nats());
        }
        case Failed<InvEntropyAnswer.Item>(InvalidInput refusal) when asked.several() ->
            data.add(new Answer().put("index", data.size()).put("error", refusals.of(refusal)));
        case Failed<InvEntropyAnswer.Item>(RuntimeException why) -> throw why;
      }
    }
    if (sizes.stream().distinct().count() > 1) {
      warnings.add(
          Warning.of("different_n", "scores can be compared at equal N only; these have several"));
    }
    tally.input(kind);
    tally.rows(sizes.size(), warnings);
    Answer answer = Answer.of("list").put("unit", asked.unit().wire()).put("data", data);
    if (kind.equals("texts")) {
      answer.put("embedding_model", embedder.map(Embedder::model).orElse(null));
    }
    return new Scored(answer, warnings, nats);
  }

  /** Scores bodies that are made here, exactly as the endpoint would score them. */
  public static final class Scorer {
    private final InvEntropyEndpoint endpoint;

    private Scorer(InvEntropyEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    /** What is asked, or its refusal, as of a call. */
    public Question read(Fields fields) {
      Asked asked = endpoint.read(fields);
      fields.done();
      return new Question(endpoint, asked);
    }
  }

  /** What is asked by one body. */
  public static final class Question {
    private final InvEntropyEndpoint endpoint;
    private final Asked asked;

    private Question(InvEntropyEndpoint endpoint, Asked asked) {
      this.endpoint = endpoint;
      this.asked = asked;
    }

    /** The same once a server has embedded its texts, if one does; takes no core. */
    public Question arrived() {
      Endpoint.Await<Asked> await = endpoint.await();
      return await != null && await.waits(asked)
          ? new Question(endpoint, await.arrived(asked))
          : this;
    }

    public Cost cost() {
      return InvEntropyEndpoint.cost(asked);
    }

    public Scored scored(Tally tally) {
      return endpoint.scored(asked, tally);
    }
  }

  private static Attempt<InvEntropyAnswer.Item> outcome(
      Attempt<InvEntropyTask> question, int index, InvEntropyAnswer writer) {
    return Attempt.of(() -> writer.of(question.get(), index));
  }
}
