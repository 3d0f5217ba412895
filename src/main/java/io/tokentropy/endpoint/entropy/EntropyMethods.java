package io.tokentropy.endpoint.entropy;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of {@code /v1/entropy}. */
final class EntropyMethods {
  private static final String PATH = "/v1/entropy";
  private static final String LINEAR = "O(rows x vocabulary)";
  private static final String BEST = "O(rows x vocabulary + k log k)";

  static final List<Method> LIST =
      List.of(
          new Method("entropy", PATH, "Shannon entropy of the next token", LINEAR)
              .formula("H = -sum p ln p; of the best k, the interval of all rows that fit")
              .citation("C. E. Shannon, A Mathematical Theory of Communication, 1948")
              .disagreement(
                  "LM-Polygraph sums over the best k only (estimate: truncated), uqlm renormalises"
                      + " them (renormalized) and leaves out a sampled token below the best k; both"
                      + " lie below every possible entropy where a tail is missing")
              .parameter("unit", "string", "nat | bit", "nat")
              .parameter("temperature", "number", "above 0", "1")
              .parameter("vocab_size", "integer", "at least the number of tokens listed")
              .parameter("reported_at", "object", "temperature, or top_p, top_k, min_p", "none")
              .parameter(
                  "estimate",
                  "string",
                  "midpoint | low | high | bucket | truncated | renormalized",
                  "midpoint"),
          measure("varentropy", "Variance of the surprisal, in squared units", LINEAR)
              .formula("sum p (ln p + H)^2"),
          measure("margin", "How far the best token is ahead of the next", LINEAR)
              .formula("p1 - p2"),
          measure("min_entropy", "Surprisal of the best token", LINEAR).formula("-ln p1"),
          measure("renyi", "Renyi entropy, and divergence from uniform", LINEAR)
              .formula("H_a = ln(sum p^a) / (1 - a); divergence = ln V - H_a")
              .citation("A. Renyi, On measures of entropy and information, 1961")
              .disagreement(
                  "LM-Polygraph's Renyi divergence carries the wrong sign on ln V for orders other"
                      + " than 1")
              .parameter("order", "number or \"inf\"", "at least 0"),
          measure("tsallis", "Tsallis entropy, the same in every unit", LINEAR)
              .formula("(1 - sum p^a) / (a - 1)")
              .parameter("order", "number", "at least 0"),
          measure("gini", "Gini impurity, the same in every unit", LINEAR).formula("1 - sum p^2"),
          measure("collision", "Collision entropy, Renyi's of order 2", LINEAR)
              .formula("-ln sum p^2"),
          measure("kl_from_uniform", "Divergence from uniform: a confidence", LINEAR)
              .formula("KL(p || u) = ln V - H"),
          measure("self_certainty", "Reverse divergence from uniform: a confidence", LINEAR)
              .formula("KL(u || p) = -mean ln p - ln V")
              .citation("arXiv 2502.18581"),
          measure("fisher_rao", "Fisher-Rao distance from uniform: a confidence in [0, 1]", LINEAR)
              .formula("2/pi acos sum sqrt(p / V)")
              .disagreement(
                  "acos loses eight digits near uniform; computed as"
                      + " 4/pi asin(|sqrt p - sqrt u| / 2)"),
          measure("quadrant", "entropix's quadrant of entropy and varentropy", LINEAR)
              .formula(
                  "LELV: H < 0.3, V < 1.2; HELV: H > 2.5, V < 1.2; LEHV: H < 2.5, V > 2.5;"
                      + " HEHV: H > 1.2, V > 2.5; first match, always in nats; else none")
              .disagreement(
                  "entropix counts what matches none as LELV, and raises small probabilities to a"
                      + " noise floor first (quadrant_noise_floor)"),
          measure("quadrant_noise_floor", "The quadrant with entropix's noise floor", LINEAR)
              .formula("as quadrant, where every ln p below -12 counts as ln 1e-8")
              .disagreement(
                  "Masked tokens are raised too, so the vocabulary decides: over 800,000 tokens a"
                      + " sure step is LEHV"),
          measure("surprisal_of", "Surprisal of given tokens", LINEAR)
              .formula("-ln p of each id")
              .parameter("ids", "list of integers", "token ids"),
          measure("rank_of", "Rank of given tokens, 1 for the best; ties by id", LINEAR)
              .formula("1 + how many tokens are ahead")
              .parameter("ids", "list of integers", "token ids"),
          measure("logtoku", "Evidence in the best k logits", BEST)
              .formula(
                  "alpha = max(0, logit); aleatoric = -sum (alpha/a0)(psi(alpha + 1) - psi(a0 +"
                      + " 1)); epistemic = k / (a0 + k); reliability = -product")
              .citation("arXiv 2502.00290")
              .disagreement("The published code clips negative logits in one of the two only")
              .parameter("k", "integer", "1 to the vocabulary"),
          measure("deepconf", "DeepConf token confidence", BEST)
              .formula("-(1/k) sum ln p over the best k")
              .citation("arXiv 2508.15260")
              .disagreement(
                  "The published code averages k or k + 1 entries offline and rounds to three"
                      + " digits")
              .parameter("k", "integer", "1 to the number of tokens listed", "20, or all listed"),
          new Method("prefix", PATH, "EDCO: mean entropy of the first steps beside all", "O(rows)")
              .citation("arXiv 2601.03725")
              .parameter("prefix_len", "integer", "at least 1"),
          new Method(
                  "deepconf_trace",
                  PATH,
                  "DeepConf over a trace: lowest group, bottom groups, tail, stop index",
                  "O(rows log rows)")
              .citation("arXiv 2508.15260")
              .parameter("group", "integer", "at least 1", "2048")
              .parameter("bottom", "number", "above 0, at most 1", "0.1")
              .parameter("tail", "integer", "at least 1", "2048")
              .parameter("threshold", "number", "any; gives stop_index"),
          new Method(
                  "deepconf_threshold",
                  PATH,
                  "DeepConf: the stopping threshold from warm-up traces",
                  "O(n log n)")
              .citation("arXiv 2508.15260")
              .parameter("lowest_groups", "list of numbers", "one for each warm-up trace")
              .parameter("keep_percent", "number", "0 to 100"));

  private EntropyMethods() {}

  private static Method measure(String name, String summary, String cost) {
    return new Method(name, PATH, summary, cost);
  }
}
