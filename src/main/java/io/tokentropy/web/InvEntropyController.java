package io.tokentropy.web;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Limits;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.metrics.ModelMeters;
import io.tokentropy.refusal.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/inv-entropy}. */
@RestController
class InvEntropyController implements Method.Offered {
  private static final String PATH = "/v1/inv-entropy";

  private final Calls calls;
  private final Limits limits;
  private final Workers workers;
  private final Tally tally;
  private final Optional<Embedder> embedder;

  InvEntropyController(
      Calls calls, Limits limits, Workers workers, Tally tally, EmbeddingSettings embeddings) {
    this.calls = calls;
    this.limits = limits;
    this.workers = workers;
    this.tally = tally;
    this.embedder = embeddings.embedder();
    calls.offer(PATH, this::read, this::answer);
  }

  /** A question, or why it cannot be answered. */
  private record Question(@Nullable InvEntropyTask task, @Nullable InvalidInput error) {}

  /** What is asked; {@code several} says that questions came as items, each with its own error. */
  private record Asked(
      EntropyUnit unit,
      Set<InvEntropyAnswer.Wanted> wanted,
      List<Question> questions,
      boolean several) {}

  @PostMapping(
      path = PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, PATH, this::read, asked -> answer(request, asked));
  }

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    var wanted = EnumSet.noneOf(InvEntropyAnswer.Wanted.class);
    for (Value word : fields.list("return")) {
      wanted.add(Fields.word(word, InvEntropyAnswer.Wanted.class, InvEntropyAnswer.Wanted::wire));
    }
    Value items = fields.get("items");
    if (items == null) {
      var question = new Question(InvEntropyTask.read(fields, fields, limits), null);
      requireWithin(List.of(question), fields.pointer());
      return new Asked(unit, wanted, List.of(question), false);
    }
    List<Value> list = items.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(items.pointer(), "the list is empty; expected questions");
    }
    Limits.require(items.pointer(), "max_rows", list.size(), limits.maxRows());
    List<Question> questions = list.stream().map(item -> question(item, fields)).toList();
    requireWithin(questions, items.pointer());
    return new Asked(unit, wanted, questions, true);
  }

  /** Refuses what would keep the cores busy for too long. */
  private void requireWithin(List<Question> questions, String pointer) {
    long characters = 0;
    for (Question question : questions) {
      characters += question.task() == null ? 0 : question.task().characters();
    }
    Limits.require(pointer, "max_texts_length", characters, limits.maxTextsLength());
    Limits.require(
        pointer,
        "max_inv_entropy_operations",
        operations(questions),
        limits.maxInvEntropyOperations());
  }

  private static long operations(List<Question> questions) {
    long operations = 0;
    for (Question question : questions) {
      operations += question.task() == null ? 0 : question.task().operations();
    }
    return operations;
  }

  private Question question(Value item, Fields request) {
    try {
      Fields fields = item.asFields();
      InvEntropyTask task = InvEntropyTask.read(fields, request, limits);
      fields.done();
      return new Question(task, null);
    } catch (InvalidInput e) {
      return new Question(null, e);
    }
  }

  /** What became of a question. */
  private record Outcome(Answer answer, InvEntropyAnswer.@Nullable Item item) {}

  private Answer answer(HttpServletRequest request, Asked asked) {
    String kind =
        asked.questions().stream()
            .map(Question::task)
            .flatMap(task -> Optional.ofNullable(task).stream())
            .map(InvEntropyTask::kind)
            .findFirst()
            .orElse("none");
    var writer = new InvEntropyAnswer(asked.unit(), asked.wanted(), embedder, limits);
    List<Outcome> outcomes =
        workers.map(
            asked.questions().size(),
            operations(asked.questions()),
            i -> outcome(asked.questions().get(i), i, writer, asked.several()));
    var warnings = new ArrayList<Warning>();
    var sizes = new ArrayList<Integer>();
    ModelMeters model = tally.model(request);
    for (Outcome outcome : outcomes) {
      if (outcome.item() != null) {
        warnings.addAll(outcome.item().warnings());
        sizes.add(outcome.item().size());
        model.invEntropy(outcome.item().nats());
      }
    }
    if (sizes.stream().distinct().count() > 1) {
      warnings.add(
          Warning.of("different_n", "scores can be compared at equal N only; these have several"));
    }
    tally.input(request, PATH, kind, sizes.size(), warnings);
    Answer answer =
        Answer.of("list")
            .put("unit", asked.unit().wire())
            .put("data", outcomes.stream().map(Outcome::answer).toList());
    if (kind.equals("texts")) {
      answer.put("embedding_model", embedder.map(Embedder::model).orElse(null));
    }
    return Input.putWarnings(answer, warnings);
  }

  /** One of several questions that cannot be answered does not spoil the others. */
  private static Outcome outcome(
      Question question, int index, InvEntropyAnswer writer, boolean several) {
    InvalidInput error = question.error();
    InvEntropyTask task = question.task();
    if (task != null) {
      try {
        InvEntropyAnswer.Item item = writer.of(task, index);
        return new Outcome(item.answer(), item);
      } catch (InvalidInput e) {
        if (!several) {
          throw e;
        }
        error = e;
      }
    }
    Answer answer = new Answer().put("index", index);
    return new Outcome(error == null ? answer : answer.put("error", Problems.of(error)), null);
  }

  @Override
  public List<Method> methods() {
    return UncertaintyMethods.LIST;
  }
}
