package io.tokentropy.truncation;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Truncation.Step;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/** What both Mirostats remember. */
final class Mirostat {
  private Mirostat() {}

  static Step remember(
      Pool kept,
      Map<String, Object> extra,
      OptionalInt sampledId,
      double mu,
      double tau,
      double eta) {
    var all = new LinkedHashMap<>(extra);
    if (sampledId.isPresent()) {
      int position = kept.position(sampledId.getAsInt());
      if (position < 0) {
        throw new InvalidInput.ParameterOutOfRange(
            "/sampled_id", sampledId.getAsInt(), "one of the tokens kept");
      }
      double surprise = -kept.lnProb(position) / Math.log(2);
      all.put("observed_surprise_bits", surprise);
      all.put("mu_next", mu - eta * (surprise - tau));
    }
    return new Step(kept, false, all, null);
  }
}
