package io.tokentropy.endpoint.comparison;

import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.input.ListedTokens;
import java.util.List;

/** What {@code /v1/methods} says of {@code /v1/compare}. */
final class CompareMethods {
  static final List<Method> LIST =
      List.of(
          of(
                  "distances",
                  "Cross-entropy, KL both ways, Jensen-Shannon, total variation, overlap,"
                      + " Hellinger",
                  "O(V)")
              .formula("KL = sum p ln(p/q); JS = (KL(p||m) + KL(q||m))/2; overlap = sum min(p, q)")
              .disagreement("SciPy's jensenshannon is the square root of this one")
              .parameter("reference", "an object of one row", "logits, logprobs or probs")
              .parameter("candidate", "an object of one row", "over the same tokens"),
          of(
                  "renyi_divergence",
                  "Renyi's divergence and cross-entropy of some orders",
                  "O(V) an order")
              .formula("ln(sum p^a q^(1-a)) / (a-1); ln(sum p q^(a-1)) / (1-a)")
              .parameter("renyi_orders", "numbers", "at least 0, or \"inf\"", "none"),
          of(
                  "demd",
                  "An upper bound of the earth mover's distance in embeddings, with its gradient by"
                      + " the candidate's logits",
                  "O(V x dimensions)")
              .formula("sum_ij q_i p_j (1 - cos(e_i, e_j))")
              .citation("arXiv 2310.04691")
              .disagreement(
                  "The authors' code adds the candidate's probability of the label; the gradient is"
                      + " the same")
              .parameter("embeddings", "rows of numbers", "one a token, not all 0", "none")
              .parameter("max_return", "integer", "at least 0", ListedTokens.DEFAULT),
          of(
                  "pld",
                  "Plackett-Luce distillation: what the candidate pays for its ranking",
                  "O(V log V)")
              .formula("sum over ranks of p (logsumexp of the logits from there on - its own)")
              .citation("arXiv 2506.12542")
              .parameter("label", "integer", "the id of the right token", "none"),
          of(
                  "coupling",
                  "A way to draw from both together: as often the same token as can be, or with"
                      + " little entropy",
                  "O(V log V)")
              .citation("arXiv 2410.21666")
              .disagreement(
                  "Of a maximal coupling only the diagonal is fixed; here the rest is matched"
                      + " greedily, speculative sampling draws it independently")
              .parameter("coupling", "word", "maximal | minimum_entropy", "none")
              .parameter("max_return", "integer", "at least 0", ListedTokens.DEFAULT));

  private CompareMethods() {}

  private static Method of(String name, String summary, String cost) {
    return new Method(name, CompareEndpoint.PATH, summary, cost);
  }
}
