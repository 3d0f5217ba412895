package io.tokentropy.endpoint.entropy;

import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Endpoint.Packed;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Scores;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.json.Answer;
import java.util.List;
import java.util.Set;

/** {@code /v1/entropy}. */
public final class EntropyEndpoint {
  public static final String PATH = "/v1/entropy";

  private static final Scores SCORES =
      Scores.NONE
          .uncertainInUnit("data.entropy", "data.varentropy", "data.min_entropy", "data.renyi")
          .uncertainInUnit("data.collision", "data.logtoku.aleatoric")
          .uncertain("data.normalized", "data.perplexity", "data.tsallis", "data.gini")
          .uncertain("data.logtoku.epistemic")
          .confident("data.margin", "data.fisher_rao")
          .confidentInUnit("data.kl_from_uniform", "data.self_certainty", "data.deepconf")
          .confidentInUnit("data.logtoku.reliability")
          .uncertainInUnit("sequence.mean", "sequence.max", "sequence.sum")
          .uncertainInUnit("sequence.prefix.full", "sequence.prefix.prefix")
          .uncertain("sequence.mean_normalized")
          .confidentInUnit("sequence.deepconf.mean", "sequence.deepconf.lowest_group")
          .confidentInUnit("sequence.deepconf.bottom", "sequence.deepconf.tail");

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
            asked -> Cost.NONE)
        .scoring(SCORES);
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
