package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.golden.GoldenFile;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of {@code /v1/evaluation}, over HTTP. */
class EvaluationGoldenTest extends ServiceTest {
  private void check(JsonNode c, String path) {
    ObjectNode body = JSON.createObjectNode();
    c.get("input").properties().forEach(field -> body.set(field.getKey(), field.getValue()));
    c.get("params").properties().forEach(field -> body.set(field.getKey(), field.getValue()));
    JsonNode item = post(path, body.toString()).ok().at("/data/0");
    c.get("expected")
        .properties()
        .forEach(
            field ->
                same(
                    item.path(field.getKey().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT)),
                    field.getValue(),
                    c.get("tolerance").asDouble(),
                    field.getKey()));
  }

  /** Null is absent, except in a list that must keep its length. */
  private static void same(JsonNode found, JsonNode expected, double tolerance, String what) {
    if (expected.isArray()) {
      assertThat(found.size()).as(what).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        same(found.get(i), expected.get(i), tolerance, what + " " + i);
      }
    } else if (expected.isObject()) {
      expected
          .properties()
          .forEach(
              field ->
                  same(found.path(field.getKey()), field.getValue(), tolerance, field.getKey()));
    } else if (expected.isNull()) {
      assertThat(found.isMissingNode() || found.isNull()).as(what).isTrue();
    } else {
      GoldenFile.assertNumber(found, expected, tolerance, what);
    }
  }

  @TestFactory
  Stream<DynamicTest> calibration() {
    return GoldenFile.read("uq.json")
        .testsOf("calibration", c -> check(c, "/v1/evaluation/calibration"));
  }

  @TestFactory
  Stream<DynamicTest> ranking() {
    return GoldenFile.read("uq.json").testsOf("ranking", c -> check(c, "/v1/evaluation/ranking"));
  }

  @TestFactory
  Stream<DynamicTest> binary() {
    return GoldenFile.read("seeds.json")
        .testsOf("shelf.binary-bias", c -> check(c, "/v1/evaluation/binary"));
  }
}
