package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Endpoint.Packed;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
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
        new Packed<>(truncation::readPacked, truncation::packed),
        SamplerForms.methods());
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
    count(asked, writer, tally);
    return answer;
  }

  private byte[] packed(PackedRequest packed, Tally tally) {
    var writer = new TruncationAnswer(packed.asked(), workers);
    byte[] bytes = writer.packed(packed.format());
    count(packed.asked(), writer, tally);
    return bytes;
  }

  private static void count(TruncationRequest asked, TruncationAnswer writer, Tally tally) {
    asked.input().count(tally);
    TruncationAnswer.count(asked.chain(), writer.kept(), tally);
  }
}
