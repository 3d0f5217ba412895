package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.golden.GoldenFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of model switching, over HTTP. */
class EadGoldenTest extends ServiceTest {
  @TestFactory
  Stream<DynamicTest> ead() {
    return GoldenFile.read("ead.json").testsOf("ead", this::ead);
  }

  private void ead(JsonNode c) {
    ObjectNode body = JSON.createObjectNode();
    body.set("observations", c.at("/input/observations"));
    ObjectNode config = body.putObject("config");
    c.get("params")
        .properties()
        .forEach(
            p -> {
              switch (p.getKey()) {
                case "unit" ->
                    body.put("unit", p.getValue().asString().equals("bits") ? "bit" : "nat");
                case "vocab_size" -> body.set("vocab_size", p.getValue());
                default -> config.set(p.getKey(), p.getValue());
              }
            });
    Reply reply = post("/v1/ead", body.toString());
    JsonNode expected = c.get("expected");
    if (GoldenFile.isRefusal(c)) {
      assertThat(reply.status()).as(reply.text()).isEqualTo(422);
      return;
    }
    JsonNode item = reply.ok().at("/data/0");
    double tolerance = c.get("tolerance").asDouble();
    JsonNode steps = item.get("steps");
    int n = expected.get("model").asString().length();
    assertThat(steps.size()).isEqualTo(n);
    var redo = new java.util.ArrayList<Integer>();
    for (int i = 0; i < n; i++) {
      JsonNode step = steps.get(i);
      assertThat(step.get("step").asInt()).isEqualTo(i);
      assertThat(step.get("model").asString().charAt(0))
          .as("model of step " + i)
          .isEqualTo(expected.get("model").asString().charAt(i));
      assertThat(step.get("next").asString().charAt(0))
          .as("next of step " + i)
          .isEqualTo(expected.get("next").asString().charAt(i));
      assertThat(step.get("reason").asString())
          .as("reason of step " + i)
          .isEqualTo(expected.get("reasons").get(i).asString());
      JsonNode smoothed = expected.get("smoothed").get(i);
      if (smoothed.isNull()) {
        assertThat(step.has("smoothed")).isFalse();
      } else {
        assertThat(step.get("smoothed").asDouble())
            .isCloseTo(smoothed.asDouble(), within(tolerance));
      }
      assertThat(step.get("certified").asBoolean())
          .as("certified of step " + i)
          .isEqualTo(expected.get("certified").asString().charAt(i) == '1');
      if (step.has("redo")) {
        redo.add(i);
      }
    }
    assertThat(JSON.valueToTree(redo).toString()).isEqualTo(expected.get("redo").toString());
    JsonNode summary = item.get("summary");
    expected
        .get("summary")
        .properties()
        .forEach(
            e -> {
              JsonNode found = summary.path(e.getKey().replace("_tokens", ""));
              if (e.getValue().isNumber()) {
                assertThat(found.isNumber()).as(e.getKey() + " in " + summary).isTrue();
                assertThat(found.asDouble())
                    .as(e.getKey())
                    .isCloseTo(e.getValue().asDouble(), within(tolerance));
              } else {
                assertThat(found.asString()).as(e.getKey()).isEqualTo(e.getValue().asString());
              }
            });

    ObjectNode rest = body.deepCopy();
    JsonNode all = c.at("/input/observations");
    for (int cut : List.of(0, n / 3, n / 2, n)) {
      ObjectNode first = body.deepCopy();
      var head = first.putArray("observations");
      var tail = rest.putArray("observations");
      for (int i = 0; i < n; i++) {
        (i < cut ? head : tail).add(all.get(i));
      }
      JsonNode half = post("/v1/ead", first.toString()).ok().at("/data/0");
      assertThat(half.get("state").toString().length()).isLessThan(1024);
      rest.set("state", half.get("state"));
      JsonNode whole = post("/v1/ead", rest.toString()).ok().at("/data/0");
      assertThat(whole.get("state")).isEqualTo(item.get("state"));
      assertThat(whole.get("summary")).isEqualTo(item.get("summary"));
      for (int i = cut; i < n; i++) {
        assertThat(whole.get("steps").get(i - cut)).isEqualTo(steps.get(i));
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> calibrate() {
    return GoldenFile.read("ead.json").testsOf("calibrate", this::calibrate);
  }

  private void calibrate(JsonNode c) {
    ObjectNode body = JSON.createObjectNode();
    body.set("traces", c.at("/input/traces"));
    body.set("target_large_fraction", c.at("/params/target_fraction"));
    body.set("window", c.at("/params/window"));
    body.set("fill", c.at("/params/fill"));
    JsonNode found = post("/v1/ead/calibrate", body.toString()).ok().at("/data/0");
    c.get("expected")
        .properties()
        .forEach(
            e ->
                assertThat(found.get(e.getKey()).asDouble())
                    .as(e.getKey())
                    .isCloseTo(e.getValue().asDouble(), within(c.get("tolerance").asDouble())));
  }
}
