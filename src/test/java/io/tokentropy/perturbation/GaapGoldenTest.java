package io.tokentropy.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.golden.GoldenFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of GAAP on the functions. */
class GaapGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("inv_entropy.json");

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  @TestFactory
  Stream<DynamicTest> roulette() {
    return FILE.testsOf(
        "gaap_roulette",
        c ->
            assertThat(Gaap.roulette(GoldenFile.numbers(c.at("/input/fitness"))))
                .containsExactly(
                    GoldenFile.numbers(c.at("/expected/probabilities")),
                    within(c.get("tolerance").asDouble())));
  }

  @TestFactory
  Stream<DynamicTest> crossover() {
    return FILE.testsOf(
        "gaap_crossover",
        c -> {
          List<String> a = strings(c.at("/input/a"));
          List<String> b = strings(c.at("/input/b"));
          int h = c.at("/input/h").asInt();
          assertThat(Genome.spliced(a, h, b, h)).isEqualTo(strings(c.at("/expected/first")));
          assertThat(Genome.spliced(b, h, a, h)).isEqualTo(strings(c.at("/expected/second")));
        });
  }

  @TestFactory
  Stream<DynamicTest> initialPopulation() {
    return FILE.testsOf("gaap_initial_population", GaapGoldenTest::initialPopulation);
  }

  private static void initialPopulation(JsonNode c) {
    Words words = Words.of(String.join(" ", strings(c.at("/input/tokens"))));
    var map = new HashMap<String, List<String>>();
    for (Map.Entry<String, JsonNode> word : c.at("/input/substitutes").properties()) {
      map.put(word.getKey(), strings(word.getValue()));
    }
    List<Integer> keys = c.at("/input/keyPositions").valueStream().map(JsonNode::asInt).toList();
    var expected = new ArrayList<String>();
    c.at("/expected/population").forEach(text -> expected.add(String.join(" ", strings(text))));
    assertThat(
            Gaap.changes(words, keys, Substitutes.of(words, map, true)).stream()
                .map(change -> words.write(change.of(Genome.of(words))))
                .toList())
        .isEqualTo(expected);
  }

  @TestFactory
  Stream<DynamicTest> stop() {
    return FILE.testsOf(
        "gaap_stops",
        c ->
            assertThat(
                    Gaap.stops(
                        c.at("/input/generation").asInt(),
                        c.at("/input/limit").asInt(),
                        GoldenFile.numbers(c.at("/input/fitness")),
                        c.at("/input/delta").asDouble()))
                .isEqualTo(c.at("/expected/stop").asBoolean()));
  }
}
