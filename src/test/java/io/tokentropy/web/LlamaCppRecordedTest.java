package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Answers that a llama.cpp server gave, each with what is true of the whole vocabulary at its
 * tokens: the truth lies in every range that follows from what the answer lists. Recorded by
 * src/ci/llamacpp.
 */
class LlamaCppRecordedTest extends CallTest {
  private static final int VOCABULARY = 2048;

  /** Rounding of our own. */
  private static final double DOUBLE = 1e-9;

  private static final List<String> MEASURES =
      List.of("margin", "min_entropy", "gini", "collision", "kl_from_uniform");

  /** One answer; the tokens are those with probabilities, in its order. */
  private record Recorded(String name, JsonNode response, List<JsonNode> tokens) {
    String with(String fields) {
      return "{\"vocab_size\":%d,%s\"openai\":%s}".formatted(VOCABULARY, fields, response);
    }

    /** What is true of each token. */
    double[] truths(String name) {
      return tokens.stream().mapToDouble(token -> token.get(name).asDouble()).toArray();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Recorded> answers() throws IOException {
    var lines = LlamaCppRecordedTest.class.getResourceAsStream("/llamacpp/recorded.ndjson.gz");
    try (var unzipped = new GZIPInputStream(Objects.requireNonNull(lines))) {
      String text = new String(unzipped.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(JSON::readTree).map(LlamaCppRecordedTest::recorded);
    }
  }

  /** Those without a token inside a character, which is a step of which nothing is known. */
  static Stream<Recorded> answersOfWholeCharacters() throws IOException {
    return answers().filter(answer -> !answer.name().contains("character"));
  }

  private static Recorded recorded(JsonNode line) {
    var tokens = new ArrayList<JsonNode>();
    line.get("tokens").forEach(tokens::add);
    return new Recorded(line.get("name").asString(), line.get("response"), tokens);
  }

  /** Fails unless a true number lies between the ends that an answer gives, or is its point. */
  private static void holds(String what, JsonNode answer, String name, double truth) {
    JsonNode point = answer.path(name);
    JsonNode low = answer.has(name + "_low") ? answer.get(name + "_low") : point;
    JsonNode high = answer.has(name + "_high") ? answer.get(name + "_high") : point;
    assertThat(truth)
        .as("%s: %s", what, name)
        .isBetween(
            low.asDouble(Double.NEGATIVE_INFINITY) - DOUBLE,
            high.asDouble(Double.POSITIVE_INFINITY) + DOUBLE);
  }

  private static double mean(double[] numbers) {
    double sum = 0;
    for (double number : numbers) {
      sum += number;
    }
    return sum / numbers.length;
  }

  private static double max(double[] numbers) {
    double max = 0;
    for (double number : numbers) {
      max = Math.max(max, number);
    }
    return max;
  }

  @ParameterizedTest
  @MethodSource("answers")
  void entropiesAndTheirRelativesHoldTheTruth(Recorded answer) {
    String measures = "\"measures\":%s,".formatted(JSON.writeValueAsString(MEASURES));
    JsonNode entropy = post("/v1/entropy", answer.with(measures)).ok().json();
    double error = entropy.path("mass_error").asDouble(0);
    JsonNode rows = entropy.get("data");
    assertThat(rows.size()).isEqualTo(answer.tokens().size());
    for (int i = 0; i < rows.size(); i++) {
      JsonNode row = rows.get(i);
      JsonNode truth = answer.tokens().get(i);
      holds("row " + i, row, "entropy", truth.get("entropy").asDouble());
      for (String measure : MEASURES) {
        holds("row " + i, row, measure, truth.get(measure).asDouble());
      }
      double mass = truth.get("mass").asDouble();
      double slack = error * (1 + mass) + DOUBLE;
      assertThat(row.get("mass_seen").asDouble()).isBetween(mass - slack, mass + slack);
    }
  }

  @ParameterizedTest
  @MethodSource("answers")
  void aScoreHoldsTheTruth(Recorded answer) {
    JsonNode score = post("/v1/score", answer.with("")).ok().json();
    var scored = new ArrayList<JsonNode>();
    for (JsonNode token : score.get("data")) {
      if (token.has("entropy_low")) {
        scored.add(token);
      }
    }
    assertThat(scored.stream().map(token -> token.get("id").asInt()))
        .isEqualTo(answer.tokens().stream().map(token -> token.get("id").asInt()).toList());
    for (int i = 0; i < scored.size(); i++) {
      holds("token " + i, scored.get(i), "entropy", answer.truths("entropy")[i]);
      assertThat(scored.get(i).get("logprob").asDouble()).isEqualTo(answer.truths("logprob")[i]);
    }
    boolean single = answer.tokens().stream().allMatch(token -> token.get("choice").asInt() == 0);
    if (single && !scored.isEmpty()) {
      holds("the answer", score.get("sequence"), "mean_entropy", mean(answer.truths("entropy")));
      holds("the answer", score.get("sequence"), "max_entropy", max(answer.truths("entropy")));
    }
  }

  /** A threshold that is never reached, and a window that holds all: the mean of the entropies. */
  @ParameterizedTest
  @MethodSource("answers")
  void aSmoothedEntropyHoldsTheTruth(Recorded answer) {
    String config = "\"config\":{\"threshold\":7.7,\"window\":64,\"fill\":\"partial\"},";
    JsonNode item = post("/v1/ead", answer.with(config)).ok().at("/data/0");
    if (!answer.tokens().isEmpty()) {
      holds("the answer", item.get("next"), "smoothed", mean(answer.truths("entropy")));
    }
  }

  /** A decision that is certified is the one that the entropies themselves lead to. */
  @ParameterizedTest
  @MethodSource("answersOfWholeCharacters")
  void aCertifiedDecisionIsTheTrueOne(Recorded answer) {
    String config = "\"config\":{\"threshold\":2,\"window\":2,\"hysteresis\":0.5},";
    JsonNode steps = post("/v1/ead", answer.with(config)).ok().at("/data/0/steps");
    Map<String, Object> exact = Map.of("observations", answer.truths("entropy"));
    String request = JSON.writeValueAsString(exact).replaceFirst("\\{", "{" + config);
    JsonNode right = post("/v1/ead", request).ok().at("/data/0/steps");
    assertThat(steps.size()).isEqualTo(right.size());
    for (int i = 0; i < steps.size() && steps.get(i).get("certified").asBoolean(); i++) {
      assertThat(steps.get(i).get("next")).as("step %d", i).isEqualTo(right.get(i).get("next"));
    }
  }

  /** Three labels of ids at the first token of the first answer. */
  @ParameterizedTest
  @MethodSource("answers")
  void labelsHoldTheTruth(Recorded answer) {
    if (answer.tokens().isEmpty()) {
      return;
    }
    JsonNode wanted = answer.tokens().getFirst().get("labels");
    var labels = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < wanted.size(); i++) {
      labels.add(Map.of("name", "label " + i, "tokens", wanted.get(i).get("tokens")));
    }
    String fields = "\"labels\":%s,".formatted(JSON.writeValueAsString(labels));
    JsonNode item = post("/v1/labels", answer.with(fields)).ok().at("/data/0");
    for (int i = 0; i < wanted.size(); i++) {
      JsonNode label = item.get("labels").get(i);
      holds("label " + i, label, "prob", wanted.get(i).get("prob").asDouble());
    }
  }
}
