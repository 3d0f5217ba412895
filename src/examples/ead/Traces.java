package ead;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.zip.GZIPInputStream;
import ngram.Corpus;
import ngram.KneserNey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a small and a large model say of verses that neither has seen.
 *
 * @param test the verses that are walked
 * @param calibration the verses that thresholds are found on
 * @param costRatio what a small token costs by what a large one costs
 */
public record Traces(List<Verse> test, List<Verse> calibration, double costRatio) {
  /** Words of context that a word model looks up: one by four. */
  private static final double WORD_COST_RATIO = 0.25;

  /** Parameters of the two models of pair.json.gz. */
  private static final double PAIR_COST_RATIO = 307_488.0 / 1_598_880;

  /**
   * One model on one verse, token by token, in nats.
   *
   * @param entropy before the token
   * @param surprisal −ln p of the token
   */
  public record Trace(double[] entropy, double[] surprisal) {}

  /** Both models on the same verse. */
  public record Verse(Trace small, Trace large) {
    int tokens() {
      return small.entropy().length;
    }
  }

  /** Two word models over one vocabulary: the first held-back verses, and those after them. */
  public static Traces ofWords(Corpus corpus, KneserNey small, KneserNey large, int verses) {
    List<int[]> held = corpus.heldBack();
    int end = verses + Math.max(20, verses / 2);
    return new Traces(
        held.subList(0, verses).stream().map(v -> verse(small, large, v)).toList(),
        held.subList(verses, end).stream().map(v -> verse(small, large, v)).toList(),
        WORD_COST_RATIO);
  }

  private static Verse verse(KneserNey small, KneserNey large, int[] verse) {
    return new Verse(trace(small, verse), trace(large, verse));
  }

  private static Trace trace(KneserNey model, int[] verse) {
    var entropy = new double[verse.length];
    var surprisal = new double[verse.length];
    for (int i = 0; i < verse.length; i++) {
      double[] row = model.next(verse, i);
      entropy[i] = Arrays.stream(row).map(p -> p == 0 ? 0 : -p * Math.log(p)).sum();
      surprisal[i] = -Math.log(row[verse[i]]);
    }
    return new Trace(entropy, surprisal);
  }

  /** Two language models behind llama.cpp's server, as traces.py wrote them down. */
  public static Traces ofPair(Path file) throws IOException {
    try (InputStream in =
        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      JsonNode parts = JsonMapper.shared().readTree(in);
      return new Traces(
          verses(parts.get("test")), verses(parts.get("calibration")), PAIR_COST_RATIO);
    }
  }

  private static List<Verse> verses(JsonNode list) {
    var verses = new ArrayList<Verse>();
    for (JsonNode verse : list) {
      verses.add(new Verse(trace(verse.get("small")), trace(verse.get("large"))));
    }
    return verses;
  }

  private static Trace trace(JsonNode model) {
    return new Trace(numbers(model.get("entropy")), numbers(model.get("surprisal")));
  }

  private static double[] numbers(JsonNode list) {
    return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  int tokens() {
    return test.stream().mapToInt(Verse::tokens).sum();
  }

  /** Mean −ln p of all tokens under one model. */
  double surprisal(ToDoubleFunction<Verse> ofVerse) {
    return test.stream().mapToDouble(ofVerse).sum() / tokens();
  }

  static double small(Verse verse) {
    return Arrays.stream(verse.small().surprisal()).sum();
  }

  static double large(Verse verse) {
    return Arrays.stream(verse.large().surprisal()).sum();
  }

  /** Perplexity of the better of both at every token, which no switch can undercut. */
  double best() {
    return Math.exp(
        surprisal(
            verse -> {
              double sum = 0;
              for (int i = 0; i < verse.tokens(); i++) {
                sum += Math.min(verse.small().surprisal()[i], verse.large().surprisal()[i]);
              }
              return sum;
            }));
  }

  /**
   * Perplexity where a coin chooses the model of every token, on average over its throws.
   *
   * @param share of the large model
   */
  double coin(double share) {
    return Math.exp((1 - share) * surprisal(Traces::small) + share * surprisal(Traces::large));
  }
}
