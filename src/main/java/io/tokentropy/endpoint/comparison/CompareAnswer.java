package io.tokentropy.endpoint.comparison;

import io.tokentropy.comparison.Coupling;
import io.tokentropy.comparison.Distances;
import io.tokentropy.comparison.EarthMover;
import io.tokentropy.comparison.PlackettLuce;
import io.tokentropy.comparison.Renyi;
import io.tokentropy.distribution.Contrast;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.ListedTokens;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Computes one comparison and writes what comes out. */
final class CompareAnswer {
  private final EntropyUnit unit;
  private final ListedTokens listed;
  private final int index;
  private final List<Warning> warnings;
  private final Answer item = new Answer();
  private final List<String> infinite = new ArrayList<>();

  CompareAnswer(EntropyUnit unit, ListedTokens listed, int index, List<Warning> warnings) {
    this.unit = unit;
    this.listed = listed;
    this.index = index;
    this.warnings = warnings;
  }

  Answer of(CompareRequest asked) {
    warnings.addAll(asked.rows().warnings(index));
    item.put("index", index)
        .put("reference_entropy", unit.fromNats(asked.reference().entropy().low()))
        .put("candidate_entropy", unit.fromNats(asked.candidate().entropy().low()));
    if (asked.isOverOneVocabulary()) {
      compare(asked);
    } else {
      warnings.add(
          new Warning(
              "different_vocabularies",
              "the rows have "
                  + asked.reference().size()
                  + " and "
                  + asked.candidate().size()
                  + " tokens: no distances, a coupling only",
              index));
    }
    Coupling.Kind kind = asked.coupling();
    if (kind != null) {
      couple(Coupling.of(asked.reference(), asked.candidate(), kind), kind);
    }
    if (!infinite.isEmpty()) {
      warnings.add(
          new Warning(
              "unbounded",
              String.join(", ", infinite)
                  + ": infinite, as one row gives 0 to a token that the other may take",
              index));
    }
    return item;
  }

  private void compare(CompareRequest asked) {
    Contrast pair = Contrast.of(asked.reference(), asked.candidate());
    Distances found = Distances.of(pair);
    item.put("vocab_size", pair.size());
    putNats("cross_entropy", found.crossEntropy());
    putNats("kl", found.kl());
    putNats("reverse_kl", found.reverseKl());
    putNats("js", found.jensenShannon());
    item.put("tv", found.totalVariation())
        .put("overlap", found.overlap())
        .put("hellinger", found.hellinger());
    if (!asked.orders().isEmpty()) {
      item.put("renyi_divergence", of(asked.orders(), "renyi_divergence", r -> r.divergence(pair)))
          .put(
              "renyi_cross_entropy",
              of(asked.orders(), "renyi_cross_entropy", r -> r.crossEntropy(pair)));
    }
    List<double[]> embeddings = asked.embeddings();
    if (embeddings != null) {
      EarthMover moved =
          InvalidInput.under(asked.prefix() + "/embeddings", () -> EarthMover.of(pair, embeddings));
      item.put("demd", moved.distance());
      listed.put(item, "demd_gradient", moved.gradient(), index, warnings);
    }
    asked.label().ifPresent(label -> putNats("pld", PlackettLuce.loss(pair, label)));
  }

  private void putNats(String name, double nats) {
    if (Double.isFinite(nats)) {
      item.put(name, unit.fromNats(nats));
    } else {
      infinite.add(name);
    }
  }

  /** One number an order, null where it is infinite. */
  private double[] of(List<Renyi> orders, String name, ToDoubleFunction<Renyi> value) {
    var numbers = new double[orders.size()];
    for (int i = 0; i < numbers.length; i++) {
      double nats = value.applyAsDouble(orders.get(i));
      numbers[i] = Double.isFinite(nats) ? unit.fromNats(nats) : Double.NaN;
      if (!Double.isFinite(nats)) {
        infinite.add(name + "/" + i);
      }
    }
    return numbers;
  }

  private void couple(Coupling found, Coupling.Kind kind) {
    item.put("coupling", kind.wire());
    List<List<Object>> cells =
        found.cells().stream()
            .map(cell -> List.<Object>of(cell.first(), cell.second(), cell.mass()))
            .toList();
    listed.put(item, "cells", cells, index, warnings);
    item.put("joint_entropy", unit.fromNats(found.jointEntropy()))
        .put("lower_bound", unit.fromNats(found.lowerBound()))
        .put("gap", unit.fromNats(found.gap()))
        .put("mutual_information", unit.fromNats(found.mutualInformation()));
  }
}
