package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Endpoint.Packed;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import java.util.List;
import java.util.Set;

/** {@code /v1/truncation}. */
public final class TruncationEndpoint {
  public static final String PATH = "/v1/truncation";

  private final InputReader inputs;
  private final TruncationLimits limits;
  private final Workers workers;

  private TruncationEndpoint(InputReader inputs, TruncationLimits limits, Workers workers) {
    this.inputs = inputs;
    this.limits = limits;
    this.workers = workers;
  }

  public static Endpoint<?> of(InputReader inputs, TruncationLimits limits, Workers workers) {
    var truncation = new TruncationEndpoint(inputs, limits, workers);
    return new Endpoint<>(
        PATH,
        Set.of(Form.JSON, Form.ROWS, Form.QUERY),
        truncation::read,
        truncation::answer,
        new Packed<>(truncation::readPacked, packed -> packed.asked().cost(), truncation::packed),
        SamplerForms.methods(),
        TruncationRequest::cost);
  }

  private record PackedRequest(TruncationRequest asked, TokenFormat format) {}

  private TruncationRequest read(Fields fields) {
    return TruncationRequest.read(fields, inputs, limits);
  }

  private PackedRequest readPacked(Fields fields) {
    TokenFormat format = TokenFormat.read(fields);
    return new PackedRequest(read(fields), format);
  }

  private Answer answer(TruncationRequest asked, Tally tally) {
    var writer = new TruncationAnswer(asked, workers);
    Answer answer = writer.write();
    count(asked, writer.kept(), tally);
    return answer;
  }

  /**
   * The kept sets alone: for each row its tokens in the format, behind their number where the
   * format does not imply it.
   */
  private List<byte[]> packed(PackedRequest packed, Tally tally, Room room) {
    boolean counted = packed.format() == TokenFormat.IDS;
    PackedRows rows =
        PackedRows.of(
            packed.asked(),
            packed.format(),
            counted ? Integer.BYTES : 0,
            (kept, bytes) -> {
              if (counted) {
                bytes.putInt(kept.keptCount());
              }
            },
            workers,
            room);
    count(packed.asked(), rows.kept(), tally);
    return rows.bytes();
  }

  private static void count(TruncationRequest asked, List<Kept> kept, Tally tally) {
    asked.input().count(tally);
    Kept.count(asked.chain(), kept, tally);
  }
}
