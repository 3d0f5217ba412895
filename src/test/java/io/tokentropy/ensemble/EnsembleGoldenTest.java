package io.tokentropy.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.golden.GoldenFile;
import io.tokentropy.golden.GoldenRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The reference vectors of ensembles on the functions. */
class EnsembleGoldenTest {
  @TestFactory
  Stream<DynamicTest> ensemble() {
    return GoldenFile.read("uq.json")
        .testsOf(
            "ensemble",
            c -> {
              var members = new ArrayList<Distribution>();
              c.at("/input/probs")
                  .forEach(
                      row -> members.add(Distribution.ofProbsToCompare(GoldenRows.shares(row), 1)));
              check(c, Ensemble.of(members, Shares.equal(members.size())));
            });
  }

  @TestFactory
  Stream<DynamicTest> decompose() {
    return GoldenFile.read("seeds.json").testsOf("ensemble.decompose", this::decompose);
  }

  private void decompose(JsonNode c) {
    JsonNode input = c.get("input");
    List<Distribution> members = input.get("members").valueStream().map(GoldenRows::row).toList();
    double[] shares =
        input.has("weights")
            ? Shares.of(GoldenFile.numbers(input.get("weights")))
            : Shares.equal(members.size());
    if (input.has("log_likelihoods")) {
      Evidence evidence = Evidence.of(GoldenFile.numbers(input.get("log_likelihoods")), shares);
      shares = evidence.weights();
      number(c, "log_evidence", evidence.logEvidence());
      number(c, "regret", evidence.regret());
      number(c, "regret_bound", evidence.regretBound());
      assertThat(evidence.bestMember()).isEqualTo(c.at("/expected/best_member").asInt());
    }
    Ensemble found = Ensemble.of(members, shares);
    check(c, found);
    numbers(c, "weights", shares);
    numbers(c, "mean", found.mixture().probs());
    numbers(c, "member_entropies", found.memberEntropies());
    numbers(c, "member_divergences", found.memberDivergences());
    number(c, "effective_members", found.effectiveMembers());
    number(c, "epistemic_share", found.epistemic() / found.total());
  }

  private static void check(JsonNode c, Ensemble found) {
    number(c, "total", found.total());
    number(c, "aleatoric", found.aleatoric());
    number(c, "epistemic", found.epistemic());
    number(c, "epkl", found.epkl());
    number(c, "rmi", found.reverse());
    number(c, "variance", found.variance());
  }

  private static void number(JsonNode c, String name, double found) {
    JsonNode expected = c.get("expected").get(name);
    if (expected == null) {
      return;
    }
    if (expected.isNull()) {
      assertThat(Double.isFinite(found)).as(name).isFalse();
      return;
    }
    double e = expected.asDouble();
    assertThat(found)
        .as(name)
        .isCloseTo(e, within(c.get("tolerance").asDouble() * Math.max(1, Math.abs(e))));
  }

  private static void numbers(JsonNode c, String name, double[] found) {
    JsonNode expected = c.get("expected").get(name);
    assertThat(found).hasSize(expected.size());
    for (int i = 0; i < found.length; i++) {
      if (expected.get(i).isNull()) {
        assertThat(found[i]).as(name).isNaN();
      } else {
        assertThat(found[i]).as(name).isCloseTo(expected.get(i).asDouble(), within(1e-9));
      }
    }
  }
}
