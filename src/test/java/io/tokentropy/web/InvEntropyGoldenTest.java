package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.golden.GoldenFile;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of Inv-Entropy, over HTTP. */
class InvEntropyGoldenTest extends ServiceTest {
  private static final GoldenFile FILE = GoldenFile.read("inv_entropy.json");

  /** Names of the file that are not simply camel case of those on the wire. */
  private static final Map<String, String> WIRE =
      Map.of(
          "simYAll", "sim_y",
          "maxPyx", "max_py_x",
          "diagXgivenY", "diag_x_given_y",
          "diagYgivenX", "diag_y_given_x");

  private static String wire(String name) {
    return WIRE.getOrDefault(name, name.replaceAll("([A-Z])", "_$1").toLowerCase());
  }

  @TestFactory
  Stream<DynamicTest> framework() {
    return Stream.of("inv_entropy", "replicated", "pooled")
        .flatMap(kind -> FILE.testsOf(kind, c -> framework(c, kind)));
  }

  private void framework(JsonNode c, String kind) {
    ObjectNode body = JSON.createObjectNode();
    c.get("input").properties().forEach(e -> body.set(wire(e.getKey()), e.getValue()));
    c.get("params")
        .properties()
        .forEach(
            e -> {
              switch (e.getKey()) {
                case "base" -> body.put("unit", "bit");
                case "seed", "draws" -> body.withObject("bootstrap").set(e.getKey(), e.getValue());
                default -> body.set(wire(e.getKey()), e.getValue());
              }
            });
    if (kind.equals("pooled")) {
      body.put("pooled", true);
    }
    body.putArray("return").add("matrices");
    Reply reply = post("/v1/inv-entropy", body.toString());
    if (GoldenFile.isRefusal(c)) {
      reply.problem(422, "parameter_out_of_range");
      return;
    }
    same(reply.ok().at("/data/0"), c);
  }

  private static void same(JsonNode item, JsonNode c) {
    double tolerance = c.get("tolerance").asDouble();
    c.get("expected")
        .properties()
        .forEach(
            e -> {
              String name = wire(e.getKey());
              same(item.path(name), e.getValue(), tolerance, name);
            });
  }

  private static void same(JsonNode found, JsonNode expected, double tolerance, String what) {
    if (expected.isArray()) {
      assertThat(found.size()).as(what).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        same(found.get(i), expected.get(i), tolerance, what + "/" + i);
      }
    } else if (expected.isNumber()) {
      GoldenFile.assertNumber(found, expected, tolerance, what);
    } else {
      assertThat(found).as(what).isEqualTo(expected);
    }
  }

  @TestFactory
  Stream<DynamicTest> similarity() {
    return FILE.testsOf("similarity", this::similarity);
  }

  /** Both sides are the same vectors; the transition is the matrix with its rows divided. */
  private void similarity(JsonNode c) {
    ObjectNode body = JSON.createObjectNode();
    body.set("embeddings_x", c.at("/input/embeddings"));
    body.set("embeddings_y", c.at("/input/embeddings"));
    body.set("mapping", c.at("/params/mapping"));
    body.putArray("return").add("matrices");
    Reply reply = post("/v1/inv-entropy", body.toString());
    if (GoldenFile.isRefusal(c)) {
      reply.problem(422, "parameter_out_of_range").pointing("/embeddings_x/1");
      return;
    }
    JsonNode found = reply.ok().at("/data/0/transition_y");
    for (int i = 0; i < found.size(); i++) {
      JsonNode row = c.at("/expected/matrix").get(i);
      double sum = row.valueStream().mapToDouble(JsonNode::asDouble).sum();
      ArrayNode divided = JSON.createArrayNode();
      row.forEach(s -> divided.add(s.asDouble() / sum));
      same(found.get(i), divided, c.get("tolerance").asDouble(), "row " + i);
    }
  }

  @TestFactory
  Stream<DynamicTest> tsu() {
    return FILE.testsOf("tsu", this::tsu);
  }

  private void tsu(JsonNode c) {
    ObjectNode body = JSON.createObjectNode();
    body.set("scores", c.at("/input/scores"));
    body.set("strict", c.at("/params/strict"));
    JsonNode item = post("/v1/evaluation/tsu", body.toString()).ok().at("/data/0");
    GoldenFile.assertNumber(item.get("tsu"), c.at("/expected/tsu"), 1e-10, "tsu");
    c.at("/expected/pairwise")
        .properties()
        .forEach(
            e ->
                GoldenFile.assertNumber(
                    item.get("pairwise").get(e.getKey()), e.getValue(), 1e-10, e.getKey()));
    assertThat(item.get("chance").asDouble()).isEqualTo(1 / 6.0);
  }
}
