package io.tokentropy.endpoint.evaluation;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.evaluation.TemperatureSensitivity;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;

/** {@code /v1/evaluation/tsu}: whether a score rises with the sampling temperature. */
public final class TsuEndpoint {
  public static final String PATH = "/v1/evaluation/tsu";

  private static final List<Method> METHODS =
      List.of(
          new Method(
                  "tsu",
                  PATH,
                  "The share of questions whose score rises with every step of the temperature",
                  "O(questions x temperatures^2)")
              .citation("arXiv 2506.09684")
              .disagreement("The formula is lost in print; strict comparison is inferred")
              .parameter("scores", "rows of numbers", "one a question, at least two temperatures")
              .parameter("temperatures", "numbers", "ascending, at least 0", "none")
              .parameter("strict", "boolean", "true | false", "true"));

  private final InputReader inputs;
  private final Limit temperatures;

  private TsuEndpoint(InputReader inputs, Limit temperatures) {
    this.inputs = inputs;
    this.temperatures = temperatures;
  }

  /**
   * The endpoint.
   *
   * @param temperatures scores of one question
   */
  public static Endpoint<?> of(InputReader inputs, Limit temperatures) {
    var tsu = new TsuEndpoint(inputs, temperatures);
    return Endpoint.ofJson(PATH, tsu::read, TsuEndpoint::answer, METHODS);
  }

  /** Scores by question and temperature. */
  private record Scores(List<double[]> rows, boolean strict) {}

  private Scores read(Fields fields) {
    Value scores = fields.require("scores");
    List<Value> list = scores.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(
          scores.pointer(), "the list is empty; expected a row a question");
    }
    inputs.requireRows(scores, list.size());
    for (Value row : list) {
      temperatures.require(row.pointer(), row.asList().size());
    }
    List<double[]> rows = list.stream().map(Value::asNumbers).toList();
    Value steps = fields.get("temperatures");
    if (steps != null) {
      requireAscending(steps, rows.getFirst().length);
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

  private static Answer answer(Scores scores, Tally tally) {
    TemperatureSensitivity found =
        InvalidInput.under(
            "/scores", () -> TemperatureSensitivity.of(scores.rows(), scores.strict()));
    return Answer.of("list")
        .put(
            "data",
            List.of(
                new Answer()
                    .put("index", 0)
                    .putAll(toAnswer(found))
                    .put("questions", scores.rows().size())));
  }

  /** What was found, without the number of questions. */
  public static Answer toAnswer(TemperatureSensitivity found) {
    Answer pairwise = new Answer();
    for (TemperatureSensitivity.Pair pair : found.pairs()) {
      pairwise.put(pair.from() + "," + pair.to(), pair.share());
    }
    return new Answer()
        .put("tsu", found.share())
        .put("pairwise", pairwise)
        .put("chance", found.chance());
  }
}
