package io.tokentropy.web;

import io.tokentropy.endpoint.Limits;
import io.tokentropy.evaluation.TemperatureSensitivity;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/evaluation}: how good scores are. */
@RestController
class EvaluationController {
  private static final String TSU = "/v1/evaluation/tsu";

  private final Calls calls;
  private final InputReader inputs;

  EvaluationController(Calls calls, InputReader inputs) {
    this.calls = calls;
    this.inputs = inputs;
    calls.offer(TSU, this::scores, (request, scores) -> tsu(scores));
  }

  /** Scores by question and temperature. */
  private record Scores(List<double[]> rows, boolean strict) {}

  @PostMapping(
      path = TSU,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void tsu(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, TSU, this::scores, EvaluationController::tsu);
  }

  private Scores scores(Fields fields) {
    Value scores = fields.require("scores");
    List<Value> list = scores.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(
          scores.pointer(), "the list is empty; expected a row a question");
    }
    inputs.requireRows(scores, list.size());
    for (Value row : list) {
      Limits.require(
          row.pointer(),
          "max_temperatures",
          row.asList().size(),
          inputs.limits().maxTemperatures());
    }
    List<double[]> rows = list.stream().map(Value::asNumbers).toList();
    Value temperatures = fields.get("temperatures");
    if (temperatures != null) {
      requireAscending(temperatures, rows.getFirst().length);
    }
    return new Scores(rows, fields.flag("strict", true));
  }

  private static void requireAscending(Value value, int scores) {
    double[] temperatures = value.asNumbers();
    if (temperatures.length != scores) {
      throw new InvalidInput.ShapeMismatch(
          value.pointer(),
          "found " + temperatures.length + " temperatures for rows of " + scores + " scores");
    }
    double before = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < temperatures.length; t++) {
      if (temperatures[t] < 0 || temperatures[t] <= before) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer() + "/" + t, temperatures[t], "at least 0 and above the one before");
      }
      before = temperatures[t];
    }
  }

  private static Answer tsu(Scores scores) {
    TemperatureSensitivity found =
        InvalidInput.under(
            "/scores", () -> TemperatureSensitivity.of(scores.rows(), scores.strict()));
    Answer pairwise = new Answer();
    for (TemperatureSensitivity.Pair pair : found.pairs()) {
      pairwise.put(pair.from() + "," + pair.to(), pair.share());
    }
    return Answer.of("list")
        .put(
            "data",
            List.of(
                new Answer()
                    .put("index", 0)
                    .put("tsu", found.share())
                    .put("pairwise", pairwise)
                    .put("chance", found.chance())
                    .put("questions", scores.rows().size())));
  }
}
