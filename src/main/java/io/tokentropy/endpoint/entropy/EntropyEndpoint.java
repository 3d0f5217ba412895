package io.tokentropy.endpoint.entropy;

import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Endpoint.Packed;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import java.util.List;
import java.util.Set;

/** {@code /v1/entropy}. */
public final class EntropyEndpoint {
  public static final String PATH = "/v1/entropy";

  private EntropyEndpoint() {}

  public static Endpoint<?> of(InputReader inputs) {
    return new Endpoint<EntropyRequest>(
        PATH,
        Set.of(Form.JSON, Form.ROWS, Form.RESPONSE, Form.QUERY),
        fields -> EntropyRequest.read(fields, inputs),
        EntropyEndpoint::answer,
        new Packed<>(
            fields -> EntropyRequest.read(fields, inputs),
            asked -> Cost.NONE,
            EntropyEndpoint::packed),
        EntropyMethods.LIST,
        asked -> Cost.NONE);
  }

  private static Answer answer(EntropyRequest asked, Tally tally) {
    Answer answer = EntropyAnswer.of(asked);
    count(asked, tally);
    return answer;
  }

  /** A float32 for each row. */
  private static List<byte[]> packed(EntropyRequest asked, Tally tally, Room room) {
    byte[] entropies = EntropyAnswer.packed(asked, room);
    count(asked, tally);
    return List.of(entropies);
  }

  private static void count(EntropyRequest asked, Tally tally) {
    switch (asked) {
      case EntropyRequest.OfRows(Input input, var e, var m, var p, var t, var u) -> {
        input.count(tally);
        tally.entropies(input.rows());
      }
      case EntropyRequest.OfTrace trace -> tally.input("confidences");
      case EntropyRequest.OfWarmUp warmUp -> tally.input("confidences");
    }
  }
}
