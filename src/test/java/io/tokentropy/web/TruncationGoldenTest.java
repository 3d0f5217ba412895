package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.truncation.Chain;
import io.tokentropy.endpoint.truncation.ChainReader;
import io.tokentropy.endpoint.truncation.Proof;
import io.tokentropy.endpoint.truncation.Situation;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.json.Answer;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Certificate;
import io.tokentropy.truncation.Optimum;
import io.tokentropy.truncation.PartialTruncation;
import io.tokentropy.truncation.TopH;
import io.tokentropy.truncation.Truncation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of truncation, on the function and over HTTP. */
class TruncationGoldenTest extends ServiceTest {
  private static final Reader READER = new Reader(new JsonLimits(64, 512, 256));

  private static Stream<JsonNode> cases() throws IOException {
    try (var in = TruncationGoldenTest.class.getResourceAsStream("/golden/truncation.json")) {
      return StreamSupport.stream(
          JSON.readTree(in.readAllBytes()).get("cases").spliterator(), false);
    }
  }

  @TestFactory
  Stream<DynamicTest> onTheFunction() throws IOException {
    return cases().map(c -> dynamicTest(c.get("name").asString(), () -> onTheFunction(c)));
  }

  private static void onTheFunction(JsonNode c) {
    JsonNode expected = c.get("expected");
    if (expected.has("error")) {
      assertThatThrownBy(() -> chain(c).of(distribution(c))).isInstanceOf(InvalidInput.class);
      return;
    }
    Chain chain = chain(c);
    Truncation found = chain.of(distribution(c));
    ObjectNode shown = JSON.createObjectNode();
    shown.put("kept_count", found.keptCount());
    shown.put("kept_mass", found.keptMass());
    shown.put("entropy_in", found.entropyIn());
    shown.put("entropy", found.entropy());
    ArrayNode ids = shown.putArray("kept_ids");
    for (int id : found.keptIds(Integer.MAX_VALUE)) {
      ids.add(id);
    }
    ArrayNode probs = shown.putArray("probs");
    for (double p : found.probs(Integer.MAX_VALUE)) {
      probs.add(p);
    }
    Answer report = new Answer();
    chain.report(found, EntropyUnit.NAT, report);
    shown.setAll((ObjectNode) JSON.readTree(report.toBytes()));
    TopH.Report topH = found.topH();
    if (topH != null) {
      shown.put("budget", topH.budget());
      shown.put("cut_through_tie", topH.cutThroughTie());
      Certificate certificate = topH.certificate();
      if (certificate != null) {
        shown.put("ecmm_upper_bound", certificate.upperBound());
        shown.put("ecmm_gap", certificate.gap());
        shown.put("ecmm_ratio", certificate.ratio());
      }
      Optimum.Found optimum = topH.optimum();
      if (optimum != null) {
        assertThat(optimum.optimal()).isTrue();
        shown.put("ecmm_optimum_mass", optimum.mass());
        shown.set("ecmm_optimum_ids", JSON.valueToTree(optimum.ids()));
      }
    }
    check(c, shown);
  }

  private static Chain chain(JsonNode c) {
    boolean exact = c.at("/expected/extra").has("ecmm_optimum_mass");
    var samplers =
        new ChainReader(
            new Limit("max_steps", 32),
            new Situation(
                new Proof(true, exact ? OptionalInt.of(1_000_000) : OptionalInt.empty()), null));
    byte[] steps = JSON.writeValueAsBytes(JSON.createObjectNode().set("steps", c.get("steps")));
    return samplers.chain(READER.read(steps, steps.length));
  }

  private static Distribution distribution(JsonNode c) {
    double[] row = row(c.get("input"));
    return c.get("input").has("probs")
        ? Distribution.ofProbs(row, 1)
        : Distribution.ofLogits(row, 1);
  }

  @TestFactory
  Stream<DynamicTest> overHttp() throws IOException {
    return cases().map(c -> dynamicTest(c.get("name").asString(), () -> overHttp(c)));
  }

  private void overHttp(JsonNode c) {
    JsonNode input = c.get("input");
    ObjectNode body = JSON.createObjectNode();
    ArrayNode row = body.putArray(input.has("probs") ? "probs" : "logits").addArray();
    for (double score : row(input)) {
      if (Double.isInfinite(score)) {
        row.add("-Infinity");
      } else {
        row.add(score);
      }
    }
    body.set("steps", c.get("steps"));
    body.put("max_return", 100_000);
    JsonNode expected = c.get("expected");
    if (expected.path("extra").has("ecmm_optimum_mass")) {
      body.put("exact", true);
      body.put("node_limit", 1_000_000);
    }
    Reply reply = post("/v1/truncation", body.toString().replace("\"NaN\"", "NaN"));
    if (expected.has("error")) {
      assertThat(reply.status()).isEqualTo(422);
    } else {
      check(c, reply.ok().at("/data/0"));
    }
  }

  @TestFactory
  Stream<DynamicTest> certifiedFromTheBestK() {
    return GoldenFile.read("ead.json").testsOf("top_h_certify", this::certified);
  }

  private void certified(JsonNode c) {
    ObjectNode body = JSON.createObjectNode();
    body.putArray("top_logprobs").add(c.at("/input/top_logprobs"));
    body.set("vocab_size", c.at("/params/vocab_size"));
    body.set("top_h", c.at("/params/alpha"));
    JsonNode found = post("/v1/truncation", body.toString()).ok().at("/data/0");
    JsonNode expected = c.get("expected");
    assertThat(found.get("certified").asBoolean()).isEqualTo(expected.get("certified").asBoolean());
    boolean certain = found.has("kept_count");
    assertThat(found.get(certain ? "kept_count" : "kept_count_low").asInt())
        .isEqualTo(expected.get("min_size").asInt());
    JsonNode high = certain ? found.get("kept_count") : found.path("kept_count_high");
    if (expected.get("max_size").isNull()) {
      assertThat(high.isMissingNode()).isTrue();
    } else {
      assertThat(high.asInt()).isEqualTo(expected.get("max_size").asInt());
    }

    double[] lnProbs = GoldenFile.numbers(c.at("/input/top_logprobs"));
    PartialDistribution row =
        PartialDistribution.of(
            Arrays.stream(lnProbs).mapToObj(PartialDistribution.Entry::new).toList(),
            OptionalDouble.empty(),
            false,
            OptionalInt.of(c.at("/params/vocab_size").asInt()));
    PartialTruncation function =
        PartialTruncation.of(
            row, row.entropy(), List.of(TopH.of(c.at("/params/alpha").asDouble())));
    assertThat(function.certified()).isEqualTo(expected.get("certified").asBoolean());
    assertThat(function.low()).isEqualTo(expected.get("min_size").asInt());
  }

  private static void check(JsonNode c, JsonNode found) {
    JsonNode expected = c.get("expected");
    double abs = c.at("/tolerance/abs").asDouble();
    double rel = c.at("/tolerance/rel").asDouble();
    assertThat(found.get("kept_count").asInt()).isEqualTo(expected.get("kept_count").asInt());
    number(found.get("kept_mass"), expected.get("kept_mass"), abs, rel);
    number(found.get("entropy_in"), expected.get("entropy_in_nats"), abs, rel);
    number(found.get("entropy"), expected.get("entropy_nats"), abs, rel);
    for (int i = 0; i < expected.get("kept_ids").size(); i++) {
      assertThat(found.get("kept_ids").get(i).asInt())
          .as("rank " + i)
          .isEqualTo(expected.get("kept_ids").get(i).asInt());
      number(found.get("probs").get(i), expected.get("probs").get(i), abs, rel);
    }
    if (expected.has("kept_ids_sum")) {
      long sum =
          StreamSupport.stream(found.get("kept_ids").spliterator(), false)
              .mapToLong(JsonNode::asLong)
              .sum();
      assertThat(sum).isEqualTo(expected.get("kept_ids_sum").asLong());
    }
    expected
        .path("extra")
        .properties()
        .forEach(
            e -> {
              JsonNode value =
                  found.has(e.getKey())
                      ? found.get(e.getKey())
                      : found.path("extra").path(e.getKey());
              if (e.getValue().isNumber()) {
                assertThat(value.isNumber()).as(e.getKey() + " of " + found).isTrue();
                number(value, e.getValue(), abs, rel);
              } else {
                assertThat(value.toString()).as(e.getKey()).isEqualTo(e.getValue().toString());
              }
            });
  }

  private static void number(JsonNode found, JsonNode expected, double abs, double rel) {
    double e = expected.asDouble();
    assertThat(found.asDouble()).isCloseTo(e, within(abs + rel * Math.abs(e)));
  }

  private static double[] row(JsonNode input) {
    if (input.has("generator")) {
      return generated(input.get("generator"));
    }
    JsonNode list = input.has("probs") ? input.get("probs") : input.get("logits");
    double[] row =
        StreamSupport.stream(list.spliterator(), false)
            .mapToDouble(
                x ->
                    switch (x.asString()) {
                      case "-inf" -> Double.NEGATIVE_INFINITY;
                      case "+inf" -> Double.POSITIVE_INFINITY;
                      case "nan" -> Double.NaN;
                      default -> x.asDouble();
                    })
            .toArray();
    double sum = Arrays.stream(row).sum();
    return input.has("probs") ? Arrays.stream(row).map(x -> x / sum).toArray() : row;
  }

  private static double[] generated(JsonNode g) {
    int n = g.get("n").asInt();
    double scale = g.get("scale").asDouble();
    var row = new double[n];
    long[] state = {g.path("seed").asLong(0)};
    for (int i = 0; i < n; i++) {
      switch (g.get("kind").asString()) {
        case "irwin_hall" -> {
          double sum = 0;
          for (int j = 0; j < 12; j++) {
            sum += uniform(state);
          }
          row[i] = scale * (sum - 6);
        }
        case "uniform" -> row[i] = scale * uniform(state);
        default -> row[i] = -scale * Math.log(1 + ((long) i * g.get("stride").asLong()) % n);
      }
    }
    if (g.has("quantum")) {
      double q = g.get("quantum").asDouble();
      for (int i = 0; i < n; i++) {
        row[i] = Math.floor(row[i] / q) * q;
      }
    }
    g.path("boost").forEach(pair -> row[pair.get(0).asInt()] += pair.get(1).asDouble());
    if (g.has("mask")) {
      for (int i = 0; i < n; i++) {
        if (i % g.at("/mask/modulus").asInt() == g.at("/mask/remainder").asInt()) {
          row[i] = Double.NEGATIVE_INFINITY;
        }
      }
    }
    return row;
  }

  /** splitmix64. */
  private static double uniform(long[] state) {
    state[0] += 0x9E3779B97F4A7C15L;
    long z = state[0];
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 11) * 0x1p-53;
  }
}
