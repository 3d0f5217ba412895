package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.golden.GoldenFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of {@code /v1/entropy}, over HTTP. */
class EntropyGoldenTest extends ServiceTest {
  private Stream<DynamicTest> tests(String file, Consumer<JsonNode> check, String... kinds) {
    return Stream.of(kinds).flatMap(kind -> GoldenFile.read(file).testsOf(kind, check));
  }

  private Reply ask(ObjectNode body) {
    return post("/v1/entropy", body.toString());
  }

  private static double tolerance(JsonNode c) {
    return c.get("tolerance").asDouble();
  }

  private static String unit(JsonNode params) {
    return params.path("unit").asString("nats").equals("bits") ? "bit" : "nat";
  }

  @TestFactory
  Stream<DynamicTest> tokenEntropy() {
    return tests("uq.json", this::tokenEntropy, "token_entropy");
  }

  private void tokenEntropy(JsonNode c) {
    JsonNode params = c.get("params");
    JsonNode rows = c.at("/input/rows");
    String kind = params.get("kind").asString();
    ObjectNode body = JSON.createObjectNode();
    switch (kind) {
      case "logits" -> body.set("logits", rows);
      case "probs" -> body.set("probs", normalised(rows));
      default -> body.set("top_logprobs", rows);
    }
    if (params.has("temperature")) {
      body.set("temperature", params.get("temperature"));
    }
    if (params.path("base").asInt(0) == 2) {
      body.put("unit", "bit");
    }
    if (params.has("vocab")) {
      body.set("vocab_size", params.get("vocab"));
    }
    if (params.has("tail")) {
      String tail = params.get("tail").asString();
      body.put(
          "estimate",
          Map.of("renormalize", "renormalized", "bucket", "bucket", "spread", "high").get(tail));
    }
    Reply reply = ask(body).ok();
    JsonNode expected = c.get("expected");
    for (int i = 0; i < rows.size(); i++) {
      GoldenFile.assertNumber(
          reply.at("/data/" + i + "/entropy"),
          expected.get("perToken").get(i),
          tolerance(c),
          "entropy of row " + i);
    }
    if (rows.size() > 1) {
      assertFields(
          reply.at("/sequence"),
          expected,
          tolerance(c),
          Map.of("mean", "mean", "max", "max", "sum", "sum", "meanNormalized", "mean_normalized"));
    } else {
      GoldenFile.assertNumber(
          reply.at("/data/0/normalized"),
          expected.get("meanNormalized"),
          tolerance(c),
          "normalized");
    }
  }

  /** Golden probabilities are weights. */
  private static ArrayNode normalised(JsonNode rows) {
    ArrayNode all = JSON.createArrayNode();
    for (JsonNode row : rows) {
      double sum = 0;
      for (JsonNode p : row) {
        sum += p.asDouble();
      }
      ArrayNode scaled = all.addArray();
      for (JsonNode p : row) {
        scaled.add(p.asDouble() / sum);
      }
    }
    return all;
  }

  private static void assertFields(
      JsonNode found, JsonNode expected, double tolerance, Map<String, String> names) {
    names.forEach(
        (golden, wire) -> {
          if (expected.has(golden)) {
            GoldenFile.assertNumber(found.path(wire), expected.get(golden), tolerance, wire);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> uniformDistance() {
    return tests(
        "uq.json",
        c -> {
          ObjectNode body = JSON.createObjectNode();
          body.set("logits", c.at("/input/logits"));
          body.set("order", c.at("/params/alpha"));
          body.putArray("measures")
              .add("kl_from_uniform")
              .add("self_certainty")
              .add("renyi")
              .add("fisher_rao");
          assertFields(
              ask(body).ok().at("/data/0"),
              c.get("expected"),
              tolerance(c),
              Map.of(
                  "klFromUniform",
                  "kl_from_uniform",
                  "selfCertainty",
                  "self_certainty",
                  "renyiEntropy",
                  "renyi",
                  "renyiDivergence",
                  "renyi_divergence",
                  "fisherRao",
                  "fisher_rao"));
        },
        "uniform_distance");
  }

  @TestFactory
  Stream<DynamicTest> logtoku() {
    return tests(
        "uq.json",
        c -> {
          ObjectNode body = JSON.createObjectNode();
          body.set("logits", c.at("/input/logits"));
          body.set("k", c.at("/params/k"));
          body.putArray("measures").add("logtoku");
          assertFields(
              ask(body).ok().at("/data/0/logtoku"),
              c.get("expected"),
              tolerance(c),
              Map.of(
                  "aleatoric",
                  "aleatoric",
                  "epistemic",
                  "epistemic",
                  "reliability",
                  "reliability"));
        },
        "logtoku");
  }

  /** The lists of this case have a mass above 1, so they go in as confidences. */
  @TestFactory
  Stream<DynamicTest> deepconfOfLists() {
    return tests(
        "uq.json",
        c -> {
          ObjectNode body = JSON.createObjectNode();
          ArrayNode confidences = body.putArray("confidences");
          for (JsonNode list : c.at("/input/topLogprobs")) {
            double sum = 0;
            for (JsonNode lnProb : list) {
              sum -= lnProb.asDouble();
            }
            confidences.add(sum / list.size());
          }
          JsonNode params = c.get("params");
          body.set("group", params.get("window"));
          body.set("bottom", params.get("bottom"));
          body.set("tail", params.get("tail"));
          JsonNode found = ask(body).ok().at("/sequence/deepconf");
          assertFields(
              found,
              c.get("expected"),
              tolerance(c),
              Map.of(
                  "mean",
                  "mean",
                  "lowestGroup",
                  "lowest_group",
                  "bottomGroups",
                  "bottom",
                  "tail",
                  "tail"));
          assertThat(found.get("groups").asInt()).isEqualTo(c.at("/expected/groups").asInt());
        },
        "deepconf");
  }

  @TestFactory
  Stream<DynamicTest> topkBounds() {
    return tests("ead.json", this::topkBounds, "topk_bounds");
  }

  private void topkBounds(JsonNode c) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode row = body.putArray("top_logprobs").addObject();
    c.get("input").properties().forEach(field -> row.set(field.getKey(), field.getValue()));
    body.put("unit", unit(c.get("params")));
    if (c.get("params").has("vocab_size")) {
      body.set("vocab_size", c.at("/params/vocab_size"));
    }
    Reply reply = ask(body);
    if (GoldenFile.isRefusal(c)) {
      assertThat(reply.status()).isEqualTo(422);
      return;
    }
    Map<String, String> names = new LinkedHashMap<>();
    names.put("lower", "entropy_low");
    names.put("upper", "entropy_high");
    names.put("midpoint", "entropy");
    JsonNode expected = c.get("expected");
    ObjectNode present = JSON.createObjectNode();
    names
        .keySet()
        .forEach(
            name -> {
              if (!expected.path(name).isNull() && expected.has(name)) {
                present.set(name, expected.get(name));
              }
            });
    assertFields(reply.ok().at("/data/0"), present, tolerance(c), names);
    if (expected.has("tail_mass")) {
      assertThat(1 - reply.at("/data/0/mass_seen").asDouble())
          .isCloseTo(
              expected.get("tail_mass").asDouble(), org.assertj.core.api.Assertions.within(2e-3));
    }
    body.put("estimate", "renormalized");
    GoldenFile.assertNumber(
        ask(body).ok().at("/data/0/entropy"),
        expected.get("renormalized"),
        tolerance(c),
        "renormalized");
  }

  @TestFactory
  Stream<DynamicTest> varentropyAndQuadrant() {
    return tests(
        "ead.json",
        c -> {
          ObjectNode body = JSON.createObjectNode();
          if (c.get("input").has("logits")) {
            body.set("logits", c.at("/input/logits"));
          } else {
            body.putArray("summary").add(c.get("input"));
          }
          body.put("unit", unit(c.get("params")));
          body.putArray("measures").add("varentropy").add("quadrant");
          Reply reply = ask(body).ok();
          JsonNode expected = c.get("expected");
          assertFields(
              reply.at("/data/0"),
              expected,
              tolerance(c),
              Map.of("entropy", "entropy", "varentropy", "varentropy"));
          if (expected.has("quadrant")) {
            assertThat(reply.at("/data/0/quadrant").asString())
                .isEqualTo(expected.get("quadrant").asString());
          }
        },
        "varentropy",
        "quadrant");
  }

  @TestFactory
  Stream<DynamicTest> prefixEntropy() {
    return tests(
        "ead.json",
        c -> {
          ObjectNode body = JSON.createObjectNode();
          body.set("entropies", c.at("/input/entropies"));
          c.get("params")
              .properties()
              .forEach(
                  p ->
                      body.set(
                          p.getKey().equals("prefix_len") ? "prefix_len" : p.getKey(),
                          p.getValue()));
          if (body.has("unit")) {
            body.put("unit", unit(c.get("params")));
          }
          Reply reply = ask(body);
          if (GoldenFile.isRefusal(c)) {
            assertThat(reply.status()).isEqualTo(422);
            return;
          }
          assertFields(
              reply.ok().at("/sequence/prefix"),
              c.get("expected"),
              tolerance(c),
              Map.of("full", "full", "prefix", "prefix", "used", "used"));
        },
        "prefix_entropy");
  }

  @TestFactory
  Stream<DynamicTest> deepconf() {
    return tests(
        "ead.json",
        c -> {
          ObjectNode body = JSON.createObjectNode();
          c.get("input").properties().forEach(p -> body.set(p.getKey(), p.getValue()));
          c.get("params").properties().forEach(p -> body.set(p.getKey(), p.getValue()));
          Reply reply = ask(body);
          if (GoldenFile.isRefusal(c)) {
            assertThat(reply.status()).isEqualTo(422);
            return;
          }
          JsonNode expected = c.get("expected");
          JsonNode found =
              c.get("kind").asString().equals("deepconf_threshold")
                  ? reply.ok().json()
                  : reply.ok().at("/sequence/deepconf");
          expected
              .properties()
              .forEach(
                  e -> {
                    if (!e.getValue().isNull()) {
                      GoldenFile.assertNumber(
                          found.path(e.getKey().equals("index") ? "stop_index" : e.getKey()),
                          e.getValue(),
                          tolerance(c),
                          e.getKey());
                    }
                  });
        },
        "deepconf",
        "deepconf_stop",
        "deepconf_threshold");
  }
}
