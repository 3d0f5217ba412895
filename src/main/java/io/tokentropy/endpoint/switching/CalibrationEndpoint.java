package io.tokentropy.endpoint.switching;

import io.tokentropy.distribution.Summary;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.Calibration;
import io.tokentropy.switching.Fill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code /v1/ead/calibrate}: the threshold for a share of the large model. */
public final class CalibrationEndpoint {
  public static final String PATH = "/v1/ead/calibrate";

  private CalibrationEndpoint() {}

  public static Endpoint<?> of(InputReader inputs) {
    return Endpoint.ofJson(
        PATH, fields -> read(fields, inputs), CalibrationEndpoint::answer, List.of());
  }

  /** The threshold, and the unit it is in. */
  private record Asked(EntropyUnit unit, Calibration found) {}

  private static Asked read(Fields fields, InputReader inputs) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    double target = fields.require("target_large_fraction").asNumber();
    int window = fields.integer("window", 5);
    Fill fill = fields.word("fill", Fill.FULL, Fill::wire);
    Value traces = fields.require("traces");
    List<Value> lists = traces.asList();
    inputs.requireRows(traces, lists.size());
    var numbers = new ArrayList<double[]>();
    for (Value list : lists) {
      double[] trace =
          Arrays.stream(list.asNumbers())
              .map(
                  number ->
                      number < 0 && Summary.withoutNoise(unit.toNats(number)) == 0 ? 0 : number)
              .toArray();
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
    return new Asked(unit, Calibration.of(numbers, target, window, fill));
  }

  private static Answer answer(Asked asked, Tally tally) {
    Calibration found = asked.found();
    return Answer.of("ead_calibration")
        .put("unit", asked.unit().wire())
        .put(
            "data",
            List.of(
                new Answer()
                    .put("index", 0)
                    .put("threshold", found.threshold())
                    .put("fraction_above", found.fractionAbove())
                    .put("samples", found.samples())));
  }
}
