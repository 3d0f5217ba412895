package io.tokentropy.web;

import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.switching.EadAnswer;
import io.tokentropy.endpoint.switching.EadMethods;
import io.tokentropy.endpoint.switching.EadStateForm;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.Calibration;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Fill;
import io.tokentropy.switching.Observation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/ead} and {@code /v1/ead/calibrate}. */
@RestController
class EadController implements Method.Offered {
  private static final String PATH = "/v1/ead";
  private static final String CALIBRATE = "/v1/ead/calibrate";

  private final Calls calls;
  private final InputReader inputs;
  private final Tally tally;

  EadController(Calls calls, InputReader inputs, Tally tally) {
    this.calls = calls;
    this.inputs = inputs;
    this.tally = tally;
    calls.offer(PATH, this::read, this::answer);
    calls.offer(CALIBRATE, this::calibration, (request, answer) -> answer);
  }

  /** One sequence to run, or why it cannot be. */
  private record Task(
      @Nullable String id,
      @Nullable EadStateForm form,
      @Nullable EadState state,
      List<Observation> observations,
      List<Warning> warnings,
      @Nullable InvalidInput error) {}

  /** What is asked; {@code stepsWanted} says whether every step is listed. */
  private record Asked(EntropyUnit unit, List<Task> tasks, boolean stepsWanted) {}

  @PostMapping(
      path = PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, PATH, this::read, asked -> answer(request, asked));
  }

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    OptionalInt vocabSize = inputs.vocabSizeOf(fields);
    var reader = new EadReader(inputs, unit, vocabSize);
    boolean stepsWanted = true;
    for (Value value : fields.list("return")) {
      if (!value.asText().equals("next")) {
        throw new InvalidInput.ParameterOutOfRange(value.pointer(), value.found(), "\"next\"");
      }
      stepsWanted = false;
    }
    var tasks = new ArrayList<Task>();
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
        tasks.add(task(null, reader.config(config), fields, reader));
      }
    } else {
      fields.get("observations");
      for (String kind : InputReader.KINDS) {
        fields.get(kind);
      }
      Value config = fields.get("config");
      if (config == null) {
        fields.get("state");
        fields.get("temperature");
        fields.refuseMisspelt();
        throw new InvalidInput.MissingInput(
                "/config", "config is missing; expected an object with at least a threshold")
            .withHint("POST /v1/ead/calibrate finds a threshold on your own traffic.");
      }
      tasks.add(task(null, reader.config(config), fields, reader));
    }
    if (tasks.isEmpty()) {
      throw new InvalidInput.MissingInput(
          sequences == null ? "/simulate" : "/sequences", "the list is empty");
    }
    return new Asked(unit, tasks, stepsWanted);
  }

  private static Task task(@Nullable String id, EadConfig config, Fields fields, EadReader reader) {
    EadState state = reader.state(fields.get("state"), config);
    List<Observation> observations = reader.observations(fields, config);
    if (observations == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer("observations"), "there is nothing to decide on; expected observations");
    }
    return new Task(id, reader.form(config), state, observations, reader.takeWarnings(), null);
  }

  /**
   * One item of {@code sequences}; a bad one does not spoil the others. A config of the request
   * serves all without one.
   */
  private static Task sequence(Value item, Fields request, EadReader reader) {
    String id = null;
    try {
      Fields fields = item.asFields();
      id = fields.text("id");
      Value own = fields.get("config");
      Value config = own == null ? request.get("config") : own;
      if (config == null) {
        throw new InvalidInput.MissingInput(fields.pointer("config"), "config is missing");
      }
      Task task = task(id, reader.config(config), fields, reader);
      fields.done();
      return task;
    } catch (InvalidInput e) {
      reader.takeWarnings();
      return new Task(id, null, null, List.of(), List.of(), e);
    }
  }

  private Answer answer(HttpServletRequest request, Asked asked) {
    Calls.input(request, "observations");
    Consumer<EadSwitch.Decision> told = tally.decisions(request);
    var data = new ArrayList<Answer>();
    for (int i = 0; i < asked.tasks().size(); i++) {
      Task task = asked.tasks().get(i);
      Answer item = new Answer().put("index", i).put("id", task.id());
      InvalidInput error = task.error();
      EadStateForm form = task.form();
      EadState state = task.state();
      if (error != null || form == null || state == null) {
        data.add(error == null ? item : item.put("error", Problems.of(error)));
      } else {
        item.putAll(EadAnswer.of(form, state, task.observations(), asked.stepsWanted(), told));
        data.add(asked.tasks().size() == 1 ? item : Input.putWarnings(item, task.warnings()));
      }
    }
    Answer answer = Answer.of("list").put("unit", asked.unit().wire()).put("data", data);
    return asked.tasks().size() == 1
        ? Input.putWarnings(answer, asked.tasks().getFirst().warnings())
        : answer;
  }

  @PostMapping(
      path = CALIBRATE,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void calibrate(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, CALIBRATE, this::calibration, answer -> answer);
  }

  private Answer calibration(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    double target = fields.require("target_large_fraction").asNumber();
    int window = fields.integer("window", 5);
    Fill fill = fill(fields);
    Value traces = fields.require("traces");
    List<Value> lists = traces.asList();
    inputs.requireRows(traces, lists.size());
    var numbers = new ArrayList<double[]>();
    for (Value list : lists) {
      double[] trace = list.asNumbers();
      for (int i = 0; i < trace.length; i++) {
        if (trace[i] < 0 || trace[i] > Summary.GREATEST) {
          throw new InvalidInput.ParameterOutOfRange(
              list.pointer() + "/" + i,
              trace[i],
              "an entropy, at least 0 and at most " + Summary.GREATEST);
        }
      }
      numbers.add(trace);
    }
    Calibration found = Calibration.of(numbers, target, window, fill);
    return Answer.of("ead_calibration")
        .put("unit", unit.wire())
        .put(
            "data",
            List.of(
                new Answer()
                    .put("index", 0)
                    .put("threshold", found.threshold())
                    .put("fraction_above", found.fractionAbove())
                    .put("samples", found.samples())));
  }

  private static Fill fill(Fields fields) {
    Value value = fields.get("fill");
    if (value == null) {
      return Fill.FULL;
    }
    String word = value.asText();
    return Arrays.stream(Fill.values())
        .filter(fill -> fill.wire().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInput.ParameterOutOfRange(
                    value.pointer(), value.found(), "full or partial"));
  }

  @Override
  public List<Method> methods() {
    return EadMethods.LIST;
  }
}
