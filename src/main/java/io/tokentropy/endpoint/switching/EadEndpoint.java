package io.tokentropy.endpoint.switching;

import io.tokentropy.endpoint.Attempt;
import io.tokentropy.endpoint.Attempt.Done;
import io.tokentropy.endpoint.Attempt.Failed;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputKind;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.Observation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /v1/ead}: which of two models writes the next token. */
public final class EadEndpoint {
  public static final String PATH = "/v1/ead";

  private final InputReader inputs;
  private final EadReader.Factory readers;
  private final Refusals refusals;

  private EadEndpoint(InputReader inputs, EadReader.Factory readers, Refusals refusals) {
    this.inputs = inputs;
    this.readers = readers;
    this.refusals = refusals;
  }

  public static Endpoint<?> of(InputReader inputs, EadReader.Factory readers, Refusals refusals) {
    var ead = new EadEndpoint(inputs, readers, refusals);
    return Endpoint.ofResponses(PATH, ead::read, ead::answer, EadMethods.LIST);
  }

  /** One sequence to run. */
  private record Task(
      EadStateForm form, EadState state, List<Observation> observations, List<Warning> warnings) {}

  /** A sequence under its name, or why it cannot be run. */
  private record Named(@Nullable String id, Attempt<Task> task) {}

  private record Asked(EntropyUnit unit, List<Named> sequences, EadAnswer.Wanted wanted) {}

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    var reader = readers.reader(unit, fields);
    boolean steps = true;
    for (Value value : fields.list("return")) {
      if (!value.asText().equals("next")) {
        throw new InvalidInput.ParameterOutOfRange(value.pointer(), value.found(), "\"next\"");
      }
      steps = false;
    }
    var wanted = new EadAnswer.Wanted(steps, fields.flag("stop_at_switch", false));
    var tasks = new ArrayList<Named>();
    Value sequences = fields.get("sequences");
    Value simulate = fields.get("simulate");
    if (sequences != null) {
      List<Value> items = sequences.asList();
      inputs.requireRows(sequences, items.size());
      for (Value item : items) {
        tasks.add(sequence(item, fields, reader));
      }
      fields.get("config");
    } else if (simulate != null) {
      for (Value config : simulate.asList()) {
        tasks.add(new Named(null, new Done<>(task(reader.config(config), fields, reader))));
      }
    } else {
      fields.get("observations");
      for (String kind : InputKind.NAMES) {
        fields.get(kind);
      }
      Value config = fields.get("config");
      if (config == null) {
        fields.get("state");
        fields.get("temperature");
        if (fields.get("threshold") instanceof Value.Query) {
          InputReader.ask(fields);
          tasks.add(new Named(null, new Done<>(task(reader.config(fields), fields, reader))));
          return new Asked(unit, tasks, wanted);
        }
        fields.refuseMisspelt();
        throw new InvalidInput.MissingInput(
                fields.pointer(), "config is missing; expected an object with at least a threshold")
            .withHint("POST /v1/ead/calibrate finds a threshold on your own traffic.");
      }
      tasks.add(new Named(null, new Done<>(task(reader.config(config), fields, reader))));
    }
    if (tasks.isEmpty()) {
      throw new InvalidInput.MissingInput(
          sequences == null ? "/simulate" : "/sequences", "the list is empty");
    }
    return new Asked(unit, tasks, wanted);
  }

  private static Task task(EadConfig config, Fields fields, EadReader reader) {
    EadState state = reader.state(fields.get("state"), config);
    List<Observation> observations = reader.observations(fields, config);
    if (observations == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(), "there is nothing to decide on; expected observations");
    }
    return new Task(reader.form(config), state, observations, reader.takeWarnings());
  }

  /**
   * One item of {@code sequences}; a bad one does not spoil the others. A config of the request
   * serves all without one.
   */
  private static Named sequence(Value item, Fields request, EadReader reader) {
    String id = null;
    try {
      Fields fields = item.asFields();
      id = fields.text("id");
      Value own = fields.get("config");
      Value config = own == null ? request.get("config") : own;
      if (config == null) {
        throw new InvalidInput.MissingInput(fields.pointer(), "config is missing");
      }
      Task task = task(reader.config(config), fields, reader);
      fields.done();
      return new Named(id, new Done<>(task));
    } catch (InvalidInput e) {
      reader.takeWarnings();
      return new Named(id, new Failed<>(e));
    }
  }

  private Answer answer(Asked asked, Tally tally) {
    tally.input("observations");
    boolean alone = asked.sequences().size() == 1;
    var warnings = new ArrayList<Warning>();
    var data = new ArrayList<Answer>();
    for (int i = 0; i < asked.sequences().size(); i++) {
      Named sequence = asked.sequences().get(i);
      Answer item = new Answer().put("index", i).put("id", sequence.id());
      switch (sequence.task()) {
        case Done<Task>(Task task) -> {
          item.putAll(run(task, asked.wanted(), tally));
          if (alone) {
            warnings.addAll(task.warnings());
          } else {
            Warning.putAll(task.warnings(), item);
          }
        }
        case Failed<Task>(InvalidInput refusal) -> item.put("error", refusals.of(refusal));
        case Failed<Task>(RuntimeException fault) -> throw fault;
      }
      data.add(item);
    }
    Answer answer = Answer.of("list").put("unit", asked.unit().wire()).put("data", data);
    return Warning.putAll(warnings, answer);
  }

  private static Answer run(Task task, EadAnswer.Wanted wanted, Tally tally) {
    return EadAnswer.of(
        task.form(), task.state(), task.observations(), wanted, EadAnswer.told(tally));
  }
}
