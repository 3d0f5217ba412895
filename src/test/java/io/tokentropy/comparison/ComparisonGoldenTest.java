package io.tokentropy.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Contrast;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.golden.GoldenRows;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of distances and couplings on the functions. */
class ComparisonGoldenTest {
  private static final GoldenFile FILE = GoldenFile.read("seeds.json");

  @TestFactory
  Stream<DynamicTest> compare() {
    return FILE.testsOf("distance.compare", ComparisonGoldenTest::compare);
  }

  private static void compare(JsonNode c) {
    JsonNode input = c.get("input");
    Contrast pair =
        Contrast.of(GoldenRows.row(input.get("reference")), GoldenRows.row(input.get("candidate")));
    Distances found = Distances.of(pair);
    number(c, "cross_entropy", found.crossEntropy());
    number(c, "kl", found.kl());
    number(c, "reverse_kl", found.reverseKl());
    number(c, "js", found.jensenShannon());
    number(c, "tv", found.totalVariation());
    number(c, "overlap", found.overlap());
    number(c, "hellinger", found.hellinger());
    JsonNode orders = c.get("params").path("renyi_orders");
    for (int i = 0; i < orders.size(); i++) {
      var renyi = new Renyi(orders.get(i).asDouble());
      number(c, "renyi_divergence/" + i, renyi.divergence(pair));
      number(c, "renyi_cross_entropy/" + i, renyi.crossEntropy(pair));
    }
    if (input.has("embeddings")) {
      EarthMover moved = EarthMover.of(pair, GoldenRows.matrix(input.get("embeddings")));
      number(c, "demd", moved.distance());
      for (int i = 0; i < moved.gradient().length; i++) {
        number(c, "demd_gradient/" + i, moved.gradient()[i]);
      }
    }
    if (input.has("label")) {
      number(c, "pld", PlackettLuce.loss(pair, input.get("label").asInt()));
    }
  }

  @TestFactory
  Stream<DynamicTest> coupling() {
    return FILE.testsOf("shelf.greedy-coupling", ComparisonGoldenTest::coupling);
  }

  private static void coupling(JsonNode c) {
    Coupling found =
        Coupling.of(
            GoldenRows.row(c.at("/input/first")),
            GoldenRows.row(c.at("/input/second")),
            Coupling.Kind.MINIMUM_ENTROPY);
    number(c, "joint_entropy", found.jointEntropy());
    number(c, "lower_bound", found.lowerBound());
    number(c, "mutual_information", found.mutualInformation());
    JsonNode cells = c.at("/expected/cells");
    assertThat(found.cells()).hasSize(cells.size());
    for (int i = 0; i < cells.size(); i++) {
      Coupling.Cell cell = found.cells().get(i);
      assertThat(cell.first()).isEqualTo(cells.at("/" + i + "/0").asInt());
      assertThat(cell.second()).isEqualTo(cells.at("/" + i + "/1").asInt());
      number(c, "cells/" + i + "/2", cell.mass());
    }
  }

  private static void number(JsonNode c, String pointer, double found) {
    JsonNode expected = c.get("expected").at("/" + pointer);
    assertThat(expected.isMissingNode()).as(pointer).isFalse();
    if (expected.isNull()) {
      assertThat(found).as(pointer).isInfinite();
      return;
    }
    double e = expected.asDouble();
    assertThat(found)
        .as(pointer)
        .isCloseTo(e, within(c.get("tolerance").asDouble() * Math.max(1, Math.abs(e))));
  }
}
