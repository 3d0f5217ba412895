package io.tokentropy.endpoint.step;

import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Endpoint.Packed;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.entropy.EntropyItems;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.switching.EadAnswer;
import io.tokentropy.endpoint.switching.EadReader;
import io.tokentropy.endpoint.switching.EadStateForm;
import io.tokentropy.endpoint.truncation.Kept;
import io.tokentropy.endpoint.truncation.PackedRows;
import io.tokentropy.endpoint.truncation.TokenFormat;
import io.tokentropy.endpoint.truncation.TruncationAnswer;
import io.tokentropy.endpoint.truncation.TruncationLimits;
import io.tokentropy.endpoint.truncation.TruncationRequest;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/step}: entropy, kept set and model-switch decision of a whole running batch. */
public final class StepEndpoint {
  public static final String PATH = "/v1/step";

  /** Bytes of a packed record without its tokens. */
  private static final int RECORD = 16;

  private static final int NO_DECISION = 255;

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "step",
                  PATH,
                  "Entropy, kept set and model-switch decision of a running batch in one call",
                  "that of its parts")
              .parameter("steps, or shorthand", "as /v1/truncation", "any chain", "none")
              .parameter("ead", "object", "as the config of /v1/ead", "none")
              .parameter("states", "list", "one a row, null for a new sequence", "all new"));

  private final InputReader inputs;
  private final TruncationLimits limits;
  private final EadReader.Factory switching;
  private final Workers workers;

  private StepEndpoint(
      InputReader inputs, TruncationLimits limits, EadReader.Factory switching, Workers workers) {
    this.inputs = inputs;
    this.limits = limits;
    this.switching = switching;
    this.workers = workers;
  }

  public static Endpoint<?> of(
      InputReader inputs, TruncationLimits limits, EadReader.Factory switching, Workers workers) {
    var step = new StepEndpoint(inputs, limits, switching, workers);
    return new Endpoint<>(
        PATH,
        Set.of(Form.JSON, Form.ROWS),
        step::read,
        step::answer,
        new Packed<>(step::readPackable, Asked::cost, step::packed),
        METHODS,
        Asked::cost);
  }

  /** Model switching for every row. */
  private record Switching(EadReader reader, EadStateForm form, List<EadState> states) {}

  private record Asked(TruncationRequest rows, TokenFormat format, @Nullable Switching switching) {
    Cost cost() {
      return rows.cost();
    }
  }

  /** Decisions carry states, which no fixed record holds. */
  private Asked readPackable(Fields fields) {
    if (fields.has("ead")) {
      throw new Endpoint.NotPackable();
    }
    return read(fields);
  }

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    TokenFormat format = TokenFormat.read(fields);
    Value ead = fields.get("ead");
    Value states = fields.get("states");
    TruncationRequest rows = TruncationRequest.readAny(fields, inputs, limits);
    if (ead == null) {
      if (states != null) {
        throw new InvalidInput.MissingInput(
            fields.pointer("states"), "ead is missing, which states belong to");
      }
      return new Asked(rows, format, null);
    }
    EadReader reader = switching.reader(unit, fields);
    EadConfig config = reader.config(ead);
    List<EadState> before = states(states, rows.input().rows().size(), reader, config);
    return new Asked(rows, format, new Switching(reader, reader.form(config), before));
  }

  private static List<EadState> states(
      @Nullable Value states, int rows, EadReader reader, EadConfig config) {
    List<Value> list = states == null ? List.of() : states.asList();
    if (states != null && list.size() != rows) {
      throw new InvalidInput.ShapeMismatch(
          states.pointer(), "found " + list.size() + " states for " + rows + " rows");
    }
    var before = new ArrayList<EadState>();
    for (int i = 0; i < rows; i++) {
      Value state = states == null || list.get(i).isNull() ? null : list.get(i);
      before.add(reader.state(state, config));
    }
    return before;
  }

  private Answer answer(Asked asked, Tally tally) {
    TruncationRequest rows = asked.rows();
    Input input = rows.input();
    var warnings = new ArrayList<>(input.warnings());
    List<Answer> data = EntropyItems.of(input, rows.unit(), warnings);
    var writer = TruncationAnswer.beside(rows, workers);
    writer.putAll(data);
    warnings.addAll(writer.warnings());
    Kept.count(rows.chain(), writer.kept(), tally);
    Switching switching = asked.switching();
    if (switching != null) {
      for (int i = 0; i < data.size(); i++) {
        data.get(i).putAll(decision(switching, input.rows().get(i), i, tally));
      }
    }
    count(input, tally);
    Answer answer =
        input
            .describe(Answer.of("list").put("unit", rows.unit().wire()))
            .put("steps", rows.chain().answers())
            .put("data", data);
    return Warning.putAll(warnings, answer);
  }

  private static Answer decision(Switching switching, Row row, int index, Tally tally) {
    return EadAnswer.of(
        switching.form(),
        switching.states().get(index),
        List.of(switching.reader().observation(row, switching.form().config())),
        EadAnswer.NEXT,
        EadAnswer.told(tally));
  }

  private static void count(Input input, Tally tally) {
    input.count(tally);
    tally.entropies(input.rows());
  }

  /**
   * For each row a float32 entropy, a float32 kept mass, a u32 count, a decision (255: none), flags
   * (bit 0: certified), two bytes of nothing, and the ids or a bit for each token; little-endian.
   */
  private List<byte[]> packed(Asked asked, Tally tally, Room room) {
    TruncationRequest rows = asked.rows();
    PackedRows packed =
        PackedRows.of(
            rows,
            asked.format(),
            RECORD,
            (kept, bytes) ->
                bytes
                    .putFloat((float) rows.unit().fromNats(kept.entropyIn()))
                    .putFloat((float) Math.min(1, kept.keptMass()))
                    .putInt(kept.keptCount())
                    .put((byte) NO_DECISION)
                    .put((byte) 1)
                    .putShort((short) 0),
            workers,
            room);
    count(rows.input(), tally);
    Kept.count(rows.chain(), packed.kept(), tally);
    return packed.bytes();
  }
}
