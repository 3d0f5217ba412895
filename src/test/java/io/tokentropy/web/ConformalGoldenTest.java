package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.golden.GoldenFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of conformal sets, over HTTP. */
class ConformalGoldenTest extends ServiceTest {
  private static final GoldenFile UQ = GoldenFile.read("uq.json");
  private static final GoldenFile SEEDS = GoldenFile.read("seeds.json");

  /** Parameters by the names of the wire, the defaults of uq.json written out. */
  private static ObjectNode body(JsonNode params) {
    ObjectNode body = JSON.createObjectNode();
    params
        .properties()
        .forEach(
            param ->
                body.set(
                    switch (param.getKey()) {
                      case "method" -> "score";
                      case "kreg" -> "k_reg";
                      case "allowEmpty" -> "allow_empty";
                      default -> param.getKey();
                    },
                    param.getValue()));
    return body;
  }

  private static ObjectNode row(JsonNode probs) {
    double sum = probs.valueStream().mapToDouble(JsonNode::asDouble).sum();
    ObjectNode row = JSON.createObjectNode();
    ArrayNode scaled = row.putArray("probs");
    probs.forEach(p -> scaled.add(p.asDouble() / sum));
    return row;
  }

  private void calibrate(JsonNode c, ObjectNode body) {
    Reply reply = post("/v1/conformal/calibrate", body.toString()).ok();
    JsonNode profile = reply.at("/data/0");
    double tolerance = c.get("tolerance").asDouble();
    c.get("expected")
        .properties()
        .forEach(
            field -> {
              JsonNode found = profile.path(field.getKey());
              JsonNode expected = field.getValue();
              if (expected.isNull()) {
                assertThat(found.isMissingNode()).isTrue();
                assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("too_few_rows");
              } else if (expected.isArray()) {
                assertThat(found.size()).isEqualTo(expected.size());
                for (int i = 0; i < expected.size(); i++) {
                  GoldenFile.assertNumber(
                      found.get(i), expected.get(i), tolerance, field.getKey() + " " + i);
                }
              } else {
                GoldenFile.assertNumber(found, expected, tolerance, field.getKey());
              }
            });
  }

  @TestFactory
  Stream<DynamicTest> calibrationInUq() {
    return UQ.testsOf(
        "conformal_calibrate",
        c -> {
          ObjectNode body = body(c.get("params"));
          ArrayNode rows = body.putArray("rows");
          for (int i = 0; i < c.at("/input/probs").size(); i++) {
            rows.add(row(c.at("/input/probs").get(i)).set("label", c.at("/input/labels").get(i)));
          }
          calibrate(c, body);
        });
  }

  @TestFactory
  Stream<DynamicTest> calibrationInSeeds() {
    return SEEDS.testsOf(
        "conformal.calibrate",
        c -> {
          ObjectNode body = body(c.get("params"));
          c.get("input").properties().forEach(field -> body.set(field.getKey(), field.getValue()));
          calibrate(c, body);
        });
  }

  @TestFactory
  Stream<DynamicTest> setsInUq() {
    return UQ.testsOf(
        "conformal_set",
        c -> {
          ObjectNode body = body(c.get("params"));
          body.set("qhat", c.at("/input/qhat"));
          body.putArray("rows").add(row(c.at("/input/probs")));
          assertThat(post("/v1/conformal/predict", body.toString()).ok().at("/data/0/labels"))
              .isEqualTo(c.at("/expected/labels"));
        });
  }

  @TestFactory
  Stream<DynamicTest> setsInSeeds() {
    return SEEDS.testsOf(
        "conformal.predict",
        c -> {
          ObjectNode body = body(c.get("params"));
          c.get("input").properties().forEach(field -> body.set(field.getKey(), field.getValue()));
          Reply reply = post("/v1/conformal/predict", body.toString()).ok();
          assertThat(reply.at("/sets")).isEqualTo(c.at("/expected/sets"));
          assertThat(reply.at("/sizes")).isEqualTo(c.at("/expected/sizes"));
          GoldenFile.assertNumber(
              reply.at("/mean_size"), c.at("/expected/mean_size"), 1e-9, "mean_size");
          for (int i = 0; i < c.at("/expected/sets").size(); i++) {
            assertThat(reply.at("/data/" + i + "/labels")).isEqualTo(c.at("/expected/sets").get(i));
          }
        });
  }
}
