package io.tokentropy.web;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.switching.EadAnswer;
import io.tokentropy.endpoint.switching.EadStateForm;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.metrics.Meters;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.truncation.Truncation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/step}: entropy, kept set and model-switch decision of a whole running batch. */
@RestController
class StepController implements Method.Offered {
  private static final String PATH = "/v1/step";

  /** Bytes of a packed record without its tokens. */
  private static final int RECORD = 16;

  private static final int NO_DECISION = 255;

  private final Calls calls;
  private final InputReader inputs;
  private final Workers workers;
  private final Meters meters;
  private final Tally tally;

  StepController(Calls calls, InputReader inputs, Workers workers, Meters meters, Tally tally) {
    this.calls = calls;
    this.inputs = inputs;
    this.workers = workers;
    this.meters = meters;
    this.tally = tally;
    calls.offer(PATH, this::read, this::answer);
  }

  /** How tokens are packed. */
  private enum Format {
    IDS,
    BITMASK;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Model switching for every row. */
  private record Switching(EadReader reader, EadStateForm form, List<EadState> states) {}

  private record Asked(TruncationRequest rows, Format format, @Nullable Switching switching) {}

  @PostMapping(
      path = PATH,
      consumes = {
        MediaType.APPLICATION_JSON_VALUE,
        MediaType.APPLICATION_OCTET_STREAM_VALUE,
        BinaryQuery.NPY
      },
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
  void post(HttpServletRequest request, HttpServletResponse response)
      throws HttpMediaTypeNotAcceptableException {
    if (!Calls.wantsPacked(request)) {
      calls.answer(request, response, PATH, this::read, asked -> answer(request, asked));
      return;
    }
    try {
      calls.answerPacked(
          request, response, PATH, this::readPackable, asked -> packed(request, asked));
    } catch (NotPackable e) {
      throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
    }
  }

  /** Decisions carry states, which no fixed record holds. */
  private static final class NotPackable extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private Asked readPackable(Fields fields) {
    if (fields.has("ead")) {
      throw new NotPackable();
    }
    return read(fields);
  }

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    OptionalInt vocabSize = inputs.vocabSizeOf(fields);
    Format format = fields.word("format", Format.IDS, Format::wire);
    Value ead = fields.get("ead");
    Value states = fields.get("states");
    TruncationRequest rows = TruncationRequest.readAny(fields, inputs);
    if (ead == null) {
      if (states != null) {
        throw new InvalidInput.MissingInput(
            fields.pointer("ead"), "ead is missing, which states belong to");
      }
      return new Asked(rows, format, null);
    }
    var reader = new EadReader(inputs, unit, vocabSize);
    EadConfig config = reader.config(ead);
    List<Value> list = states == null ? List.of() : states.asList();
    int size = rows.input().rows().size();
    if (states != null && list.size() != size) {
      throw new InvalidInput.ShapeMismatch(
          states.pointer(), "found " + list.size() + " states for " + size + " rows");
    }
    var before = new ArrayList<EadState>();
    for (int i = 0; i < size; i++) {
      Value state = states == null || list.get(i).isNull() ? null : list.get(i);
      before.add(reader.state(state, config));
    }
    return new Asked(rows, format, new Switching(reader, reader.form(config), before));
  }

  private Answer answer(HttpServletRequest request, Asked asked) {
    TruncationRequest rows = asked.rows();
    Input input = rows.input();
    var warnings = new ArrayList<>(input.warnings());
    List<Answer> entropies = EntropyAnswer.items(input, rows.unit(), warnings);
    List<Answer> kept = List.of();
    if (!rows.chain().isEmpty()) {
      var writer = new TruncationAnswer(rows, workers);
      kept = writer.items();
      warnings.addAll(writer.warnings());
      record(rows, writer.kept());
    }
    Consumer<EadSwitch.Decision> told = tally.decisions(request);
    var data = new ArrayList<Answer>();
    for (int i = 0; i < entropies.size(); i++) {
      Answer item = new Answer().put("index", i);
      if (!kept.isEmpty()) {
        item.putAll(kept.get(i));
      }
      item.putAll(entropies.get(i));
      Switching switching = asked.switching();
      if (switching != null) {
        Row row = input.rows().get(i);
        item.putAll(
            EadAnswer.of(
                switching.form(),
                switching.states().get(i),
                List.of(switching.reader().observation(row, switching.form().config())),
                false,
                told));
      }
      data.add(item);
    }
    tally.input(request, PATH, input);
    tally.entropies(request, input.rows());
    Answer answer =
        Answer.of("list")
            .put("unit", rows.unit().wire())
            .put("precision", input.precision())
            .put("steps", rows.chain().stream().map(Samplers::answer).toList())
            .put("data", data);
    return Input.putWarnings(answer, warnings);
  }

  private void record(TruncationRequest rows, List<Truncation> truncations) {
    String method = TruncationAnswer.label(rows.chain());
    for (Truncation truncation : truncations) {
      meters.kept(method, truncation.keptCount(), truncation.keptMass());
    }
  }

  /**
   * For each row a float32 entropy, a float32 kept mass, a u32 count, a decision (255: none), flags
   * (bit 0: certified), two bytes of nothing, and the ids or a bit for each token; little-endian.
   */
  private byte[] packed(HttpServletRequest request, Asked asked) {
    TruncationRequest rows = asked.rows();
    Input input = rows.input();
    var truncations = new ArrayList<Truncation>();
    int size = 0;
    for (int i = 0; i < input.rows().size(); i++) {
      if (!(input.rows().get(i) instanceof Distribution whole)) {
        throw new InvalidInput.MissingInput(
            "/" + input.kind() + "/" + i, "a packed answer needs whole rows");
      }
      Truncation kept;
      try {
        kept = Truncation.of(whole, rows.chain());
      } catch (InvalidInput e) {
        throw rows.place(e);
      }
      truncations.add(kept);
      size += RECORD;
      size +=
          asked.format() == Format.BITMASK
              ? (kept.vocabSize() + 7) / 8
              : Integer.BYTES * kept.keptCount();
    }
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (Truncation kept : truncations) {
      bytes
          .putFloat((float) rows.unit().fromNats(kept.entropyIn()))
          .putFloat((float) Math.min(1, kept.keptMass()))
          .putInt(kept.keptCount())
          .put((byte) NO_DECISION)
          .put((byte) 1)
          .putShort((short) 0);
      if (asked.format() == Format.BITMASK) {
        bytes.put(kept.bitmask());
      } else {
        for (int id : kept.keptIds(Integer.MAX_VALUE)) {
          bytes.putInt(id);
        }
      }
    }
    tally.input(request, PATH, input);
    tally.entropies(request, input.rows());
    record(rows, truncations);
    return bytes.array();
  }

  @Override
  public List<Method> methods() {
    return List.of(
        new Method(
                "step",
                PATH,
                "Entropy, kept set and model-switch decision of a running batch in one call",
                "that of its parts")
            .parameter("steps, or shorthand", "as /v1/truncation", "any chain", "none")
            .parameter("ead", "object", "as the config of /v1/ead", "none")
            .parameter("states", "list", "one a row, null for a new sequence", "all new"));
  }
}
