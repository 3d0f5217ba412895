package io.tokentropy.endpoint.inventropy;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of Inv-Entropy. */
final class InvEntropyMethods {
  static final List<Method> LIST =
      List.of(
          new Method(
                  "inv_entropy",
                  InvEntropyEndpoint.PATH,
                  "How little the answers to perturbed prompts tell of the prompts",
                  "O(N^2) a draw; O(N^3) with return: [matrices]")
              .formula("-sum d_i ln d_i, d_i = P(x_i|y_i) = (Py Px)[i][i]")
              .citation("arXiv 2506.09684")
              .disagreement(
                  "The authors' code takes |cos| for (1 + cos) / 2, max P(y) for max P(y|x), draws"
                      + " without a seed, and gives NaN on a zero row; the paper prints P(X) as pi"
                      + " Py Px, with which P(Y|X) is no distribution")
              .parameter("mapping", "string", "shifted | absolute | clipped", "shifted")
              .parameter("zero_row", "string", "error | self | uniform", "error")
              .parameter("symmetrize", "boolean", "true | false", "false")
              .parameter("long_texts", "string", "refuse | truncate | mean", "refuse")
              .parameter("marginal_x", "string", "bayes | paper", "bayes")
              .parameter("groups", "lists of answers", "one list a prompt", "one answer each")
              .parameter("answers_per_prompt", "integer", "at least 1", "none")
              .parameter("bootstrap", "object", "draws, seed", "30 draws, seed 0")
              .parameter("picks", "lists of positions", "one a group", "none")
              .parameter("exhaustive", "boolean", "true | false", "false")
              .parameter("pooled", "boolean", "true | false", "false"));

  private InvEntropyMethods() {}
}
