package io.tokentropy.golden;

import io.tokentropy.distribution.Distribution;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Distributions of the reference vectors: objects of {@code probs} or {@code logits}. */
public final class GoldenRows {
  private GoldenRows() {}

  public static Distribution row(JsonNode node) {
    return node.has("probs")
        ? Distribution.ofProbsToCompare(shares(node.get("probs")), 1)
        : Distribution.ofLogits(
            GoldenFile.numbers(node.get("logits")), node.path("temperature").asDouble(1));
  }

  /** Probabilities of the file are weights. */
  public static double[] shares(JsonNode weights) {
    double[] shares = GoldenFile.numbers(weights);
    double sum = 0;
    for (double share : shares) {
      sum += share;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  public static List<double[]> matrix(JsonNode rows) {
    var matrix = new ArrayList<double[]>();
    rows.forEach(row -> matrix.add(GoldenFile.numbers(row)));
    return matrix;
  }
}
