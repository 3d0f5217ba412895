package io.tokentropy.endpoint.perturbation;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** What {@code /v1/methods} says of perturbed texts. */
final class PerturbationsMethods {
  static final List<Method> LIST =
      List.of(
          new Method(
                  "gaap",
                  PerturbationsEndpoint.PATH,
                  "Perturbations of an English text by a genetic algorithm: key words give way to"
                      + " related ones over generations",
                  "O(population_limit + generations * pairs) texts, each embedded once")
              .formula(
                  "P(parent) = a(x_0, x) / sum a(x_0, .); stop at generations or max a < delta")
              .citation("arXiv 2506.09684, appendix C")
              .disagreement(
                  "The paper gives no number for key_ratio, generations, interval, parents and"
                      + " pairs, and its repository has no code of it; section 2.6 mutates key"
                      + " words, appendix C any")
              .parameter("text", "string", "English, at most max_perturbation_words words")
              .parameter("method", "string", "gaap", "gaap")
              .parameter("count", "integer", "1 to max_population", "9")
              .parameter("seed", "integer", "of SplitMix64", "0")
              .parameter(
                  "substitutes", "string", "wordnet | caller", "caller with a map, else wordnet")
              .parameter("map", "object", "lists of what can stand for a word, by word", "none")
              .parameter("senses", "string", "first | all", "first")
              .parameter("deletion", "boolean", "true | false", "true")
              .parameter("key_words", "strings", "words of the text", "by key_rule")
              .parameter(
                  "key_rule",
                  "string",
                  "closest | rarest | all",
                  "all with a map, rarest with overlap, else closest")
              .parameter("key_ratio", "number", "0 to 1; at least two words", "0.3")
              .parameter("population_limit", "integer", "1 to max_population", "200")
              .parameter("generations", "integer", "0 to max_generations", "20")
              .parameter("interval", "integer", "at least 1", "2")
              .parameter("parents", "integer", "1 to max_population", "20")
              .parameter(
                  "pairs", "integer", "at least 1; parents + 4 pairs within max_population", "10")
              .parameter("crossover", "string", "index | word", "index")
              .parameter("mutation", "string", "key_words | any_word", "key_words")
              .parameter("delta", "number", "0 to 1", "0.7")
              .parameter(
                  "similarity", "string", "builtin | server | overlap", "what the service has")
              .parameter("mapping", "string", "shifted | absolute | clipped", "shifted")
              .parameter("long_texts", "string", "refuse | truncate | mean", "refuse")
              .parameter("fill", "boolean", "true | false", "true"));

  private PerturbationsMethods() {}
}
