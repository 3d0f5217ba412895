package io.tokentropy.endpoint.calibration;

import io.tokentropy.calibration.ConfidenceMap;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.util.Locale;

/** A map from scores to confidences as it is written. */
final class MapForm {
  private MapForm() {}

  /** What maps are called. */
  enum Name {
    PLATT,
    ISOTONIC,
    HISTOGRAM;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Answer write(ConfidenceMap map) {
    return switch (map) {
      case ConfidenceMap.Platt(double center, double scale, double slope, double intercept) ->
          new Answer()
              .put("center", center)
              .put("scale", scale)
              .put("slope", slope)
              .put("intercept", intercept);
      case ConfidenceMap.Isotonic isotonic ->
          new Answer().put("scores", isotonic.scores()).put("confidences", isotonic.confidences());
      case ConfidenceMap.Histogram histogram ->
          new Answer().put("edges", histogram.edges()).put("confidences", histogram.confidences());
    };
  }

  static ConfidenceMap read(Fields fields, Name name) {
    ConfidenceMap map =
        switch (name) {
          case PLATT -> {
            double center = fields.require("center").asNumber();
            double scale = fields.require("scale").asNumber();
            double slope = fields.require("slope").asNumber();
            double intercept = fields.require("intercept").asNumber();
            yield InvalidInput.under(
                fields.pointer(), () -> new ConfidenceMap.Platt(center, scale, slope, intercept));
          }
          case ISOTONIC -> {
            double[] scores = fields.require("scores").asNumbers();
            double[] confidences = fields.require("confidences").asNumbers();
            yield InvalidInput.under(
                fields.pointer(), () -> new ConfidenceMap.Isotonic(scores, confidences));
          }
          case HISTOGRAM -> {
            double[] edges = fields.require("edges").asNumbers();
            double[] confidences = fields.require("confidences").asNumbers();
            yield InvalidInput.under(
                fields.pointer(), () -> new ConfidenceMap.Histogram(edges, confidences));
          }
        };
    fields.done();
    return map;
  }
}
