package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.golden.GoldenFile;
import io.tokentropy.golden.GoldenRows;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of ensembles, distances and couplings, over HTTP. */
class CompareGoldenTest extends ServiceTest {
  @TestFactory
  Stream<DynamicTest> ensemble() {
    return GoldenFile.read("uq.json").testsOf("ensemble", c -> check("/v1/ensemble", c, body(c)));
  }

  @TestFactory
  Stream<DynamicTest> decompose() {
    return GoldenFile.read("seeds.json")
        .testsOf("ensemble.decompose", c -> check("/v1/ensemble", c, body(c)));
  }

  @TestFactory
  Stream<DynamicTest> compare() {
    return GoldenFile.read("seeds.json")
        .testsOf("distance.compare", c -> check("/v1/compare", c, body(c)));
  }

  @TestFactory
  Stream<DynamicTest> coupling() {
    return GoldenFile.read("seeds.json")
        .testsOf(
            "shelf.greedy-coupling",
            c -> {
              ObjectNode body = JSON.createObjectNode();
              body.set("reference", c.at("/input/first"));
              body.set("candidate", c.at("/input/second"));
              body.put("coupling", "minimum_entropy");
              check("/v1/compare", c, body);
            });
  }

  /** Input and parameters in one, with probabilities that sum to 1. */
  private static ObjectNode body(JsonNode c) {
    ObjectNode body = (ObjectNode) c.get("input").deepCopy();
    c.get("params").properties().forEach(p -> body.set(p.getKey(), p.getValue()));
    JsonNode rows = body.path("probs");
    for (int i = 0; i < rows.size(); i++) {
      ((ArrayNode) rows).set(i, JSON.valueToTree(GoldenRows.shares(rows.get(i))));
    }
    return body;
  }

  private void check(String path, JsonNode c, ObjectNode body) {
    JsonNode item = post(path, body.toString()).ok().at("/data/0");
    c.get("expected")
        .properties()
        .forEach(
            field ->
                same(
                    field.getKey(),
                    field.getValue(),
                    item.path(field.getKey()),
                    c.get("tolerance").asDouble()));
  }

  private static void same(String place, JsonNode expected, JsonNode found, double tolerance) {
    if (expected.isArray()) {
      assertThat(found.size()).as(place).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        same(place + "/" + i, expected.get(i), found.get(i), tolerance);
      }
    } else if (expected.isNull()) {
      assertThat(found.isMissingNode() || found.isNull()).as(place).isTrue();
    } else if (expected.isInt()) {
      assertThat(found.asInt()).as(place).isEqualTo(expected.asInt());
    } else {
      GoldenFile.assertNumber(found, expected, tolerance, place);
    }
  }

  /** The same two members as JSON and as bytes, whose weights are in the query string. */
  @Test
  void rowsAsBytesAreMembers() {
    ByteBuffer rows = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    for (double logit : new double[] {1, 0, 0, 1}) {
      rows.putDouble(logit);
    }
    Reply bytes =
        send(
            request("/v1/ensemble?dtype=f64&shape=2,2&weights=3,1&unit=bit")
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(rows.array())));
    Reply json =
        post("/v1/ensemble", "{\"logits\":[[1,0],[0,1]],\"weights\":[3,1],\"unit\":\"bit\"}");
    assertThat(bytes.ok().text()).isEqualTo(json.ok().text());
  }
}
