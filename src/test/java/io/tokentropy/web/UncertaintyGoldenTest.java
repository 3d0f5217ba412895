package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.golden.GoldenFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference vectors of sampled answers, over HTTP: input and parameters in one flat body. */
class UncertaintyGoldenTest extends ServiceTest {
  private static final GoldenFile FILE = GoldenFile.read("uq.json");

  @TestFactory
  Stream<DynamicTest> named() {
    return Stream.of(
            "sequence",
            "mc_entropy",
            "semantic_classes",
            "semantic_entropy",
            "spectral",
            "kle",
            "lexical",
            "token_sar",
            "sentence_sar")
        .flatMap(measure -> FILE.testsOf(measure, c -> check(c, measure)));
  }

  @TestFactory
  Stream<DynamicTest> classesByLikeness() {
    return FILE.testsOf("similarity_classes", c -> check(c, "semantic_classes"));
  }

  private void check(JsonNode c, String measure) {
    ObjectNode body = JSON.createObjectNode();
    for (String part : new String[] {"input", "params"}) {
      c.get(part).properties().forEach(p -> body.set(snake(p.getKey()), p.getValue()));
    }
    body.putArray("measures").add(measure);
    Reply reply = post("/v1/uncertainty", body.toString());
    if (GoldenFile.isRefusal(c)) {
      assertThat(reply.status()).as(reply.text()).isEqualTo(422);
      return;
    }
    JsonNode found = reply.ok().at("/data/0/" + measure);
    assertThat(found.get("higher_means").asString()).matches("more_(uncertain|confident)");
    assertThat(found.get("estimator").asString()).isNotBlank();
    assertThat(found.has("range")).isTrue();
    double tolerance = c.get("tolerance").asDouble();
    c.get("expected")
        .properties()
        .forEach(p -> same(p.getKey(), p.getValue(), found.path(snake(p.getKey())), tolerance));
  }

  private static String snake(String camel) {
    return camel.replaceAll("(?=\\p{Lu})", "_").toLowerCase(java.util.Locale.ROOT);
  }

  private static void same(String place, JsonNode expected, JsonNode found, double tolerance) {
    if (expected.isArray()) {
      assertThat(found.size()).as(place).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        same(place + "/" + i, expected.get(i), found.get(i), tolerance);
      }
    } else if (expected.isInt()) {
      assertThat(found.asInt()).as(place).isEqualTo(expected.asInt());
    } else {
      GoldenFile.assertNumber(found, expected, tolerance, place);
    }
  }
}
