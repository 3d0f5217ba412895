package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of {@code /v1/truncation}. */
final class TruncationMethods {
  private static final String SELECT = "O(vocabulary + kept log kept)";
  private static final String SORT = "O(vocabulary log vocabulary)";

  static final List<Method> LIST =
      List.of(
          sampler("temperature", "Divides the scores; 0 keeps the best token", "O(vocabulary)")
              .parameter("temperature", "number", "at least 0")
              .disagreement(
                  "First in Hugging Face, vLLM and SGLang, last in llama.cpp; Hugging Face refuses"
                      + " 0"),
          sampler("top_h", "The best tokens while their entropy stays within the budget", SELECT)
              .formula("H(q) <= alpha H(p), q renormalised over the kept tokens")
              .citation("arXiv 2509.02510")
              .disagreement(
                  "The authors' code (reference) and Transformers (hf) bound a partial sum of -p ln"
                      + " p over the best 100 instead of H(q), so neither keeps the entropy within"
                      + " the budget")
              .parameter("alpha", "number", "above 0, at most 1", "0.4")
              .parameter("variant", "string", "paper | reference | hf", "paper")
              .parameter("top_n", "integer", "at least 1", "all; 100 for reference and hf")
              .parameter("rule", "string", "stop | skip", "stop"),
          sampler("top_k", "The k best; 0 keeps all", SELECT)
              .parameter("k", "integer", "at least 0")
              .parameter("ties", "string", "exact | all", "exact")
              .disagreement(
                  "Hugging Face, vLLM and TGI keep everything tied with the k-th (all), llama.cpp"
                      + " and ExLlamaV2 exactly k"),
          sampler("top_p", "The shortest prefix with mass at least p", SELECT)
              .citation("arXiv 1904.09751")
              .parameter("p", "number", "0 to 1; 0 keeps one token")
              .disagreement(
                  "ExLlamaV2 drops the token that crosses p; SGLang keeps one more at exact"
                      + " equality"),
          sampler("min_p", "p at least m times the best", SELECT)
              .citation("arXiv 2407.01082")
              .parameter("min_p", "number", "0 to 1")
              .disagreement("llama.cpp applies it before the temperature by default"),
          sampler("typical_p", "Surprisals nearest to the entropy, until their mass is m", SORT)
              .citation("arXiv 2202.00666")
              .parameter("mass", "number", "above 0, at most 1")
              .disagreement("ExLlamaV2 leaves out the crossing token and adds p to ln p"),
          sampler("epsilon_cutoff", "p at least epsilon", SELECT)
              .citation("arXiv 2210.15191")
              .parameter("epsilon", "number", "at least 0, below 1"),
          sampler("eta_cutoff", "p at least min(epsilon, sqrt(epsilon) e^-H)", SELECT)
              .citation("arXiv 2210.15191")
              .parameter("epsilon", "number", "at least 0, below 1")
              .disagreement("Hugging Face's docstring writes sqrt(epsilon e^-H), its code this"),
          sampler("top_n_sigma", "Scores within n standard deviations of the best", SELECT)
              .citation("arXiv 2411.07641")
              .parameter("n", "number", "above 0")
              .parameter("ddof", "integer", "0 | 1", "0")
              .disagreement(
                  "The authors use the sample deviation (ddof 1), llama.cpp that of the population"
                      + " over finite scores"),
          sampler("top_a", "p at least a times the square of the best", SELECT)
              .parameter("a", "number", "0 to 1"),
          sampler("tail_free", "Up to where the second differences sum to z", SORT)
              .parameter("z", "number", "above 0, at most 1")
              .disagreement("llama.cpp's, since removed, was off by one"),
          sampler("xtc", "Drops the likely tokens but the least of them, on a coin u", SELECT)
              .parameter("threshold", "number", "0 to 1", "0.1")
              .parameter("probability", "number", "0 to 1")
              .parameter("u", "number", "at least 0, below 1")
              .parameter("protected_ids", "list of integers", "token ids", "none")
              .disagreement("llama.cpp acts at u = probability too; ExLlamaV2 tosses no coin"),
          sampler("p_less", "p at least the collision probability", SELECT)
              .formula("p >= sum p^2; normalised: (V sum p^2 - 1) / (V - 1)")
              .parameter("normalised", "boolean", "true | false", "false"),
          sampler("min_k", "Up to the steepest relative cliff of the sorted scores", SORT)
              .citation("arXiv 2604.11012")
              .parameter("tau", "number", "at least 0", "3"),
          sampler("mirostat_v1", "The best k for a target surprise, by a Zipf fit", SELECT)
              .citation("arXiv 2007.14966")
              .parameter("mu", "number of bits", "any", "2 tau")
              .parameter("tau", "number of bits", "above 0", "5")
              .parameter("eta", "number", "0 to 1", "0.1")
              .parameter("m", "integer", "at least 2", "100")
              .parameter("sampled_id", "integer", "a kept token; gives mu_next", "none"),
          sampler("mirostat_v2", "Surprisals of at most mu bits", SELECT)
              .citation("arXiv 2007.14966")
              .parameter("mu", "number of bits", "any", "2 tau")
              .parameter("tau", "number of bits", "above 0", "5")
              .parameter("eta", "number", "0 to 1", "0.1")
              .parameter("sampled_id", "integer", "a kept token; gives mu_next", "none")
              .disagreement("ExLlamaV2 measures the surprise before renormalising"),
          sampler("dynamic_temperature", "A temperature by the entropy", "O(vocabulary)")
              .formula("T = min + (max - min) (H / ln n)^exponent")
              .parameter("min_temp", "number", "at least 0")
              .parameter("max_temp", "number", "at least min_temp")
              .parameter("exponent", "number", "above 0", "1"),
          sampler("quadratic", "Smooths the scores below the best", "O(vocabulary)")
              .parameter("smoothing_factor", "number", "at least 0; 0 changes nothing")
              .parameter("smoothing_curve", "number", "1 to 3", "1"),
          sampler("adaptive_p", "Raises tokens whose probability is near a moving target", SELECT)
              .parameter("target", "number", "0 to 1")
              .parameter("decay", "number", "at least 0, below 1", "0.9")
              .parameter("weighted_sum", "number", "at least 0", "target / (1 - decay)")
              .parameter("total_weight", "number", "above 0", "1 / (1 - decay)")
              .parameter("sampled_id", "integer", "gives the next two", "none"));

  private TruncationMethods() {}

  private static Method sampler(String name, String summary, String cost) {
    return new Method(name, TruncationEndpoint.PATH, summary, cost);
  }
}
