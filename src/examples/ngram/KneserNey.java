package ngram;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An interpolated Kneser-Ney model: the longest context counts how often a word followed, every
 * shorter one counts after how many different words it did, each count less a discount, whose mass
 * goes to the next shorter context and at last to the uniform distribution. So every word has a
 * probability above 0.
 *
 * @see "R. Kneser, H. Ney, Improved backing-off for m-gram language modeling, 1995"
 */
public final class KneserNey {
  private static final int BEGIN = -1;

  /** What followed one context. */
  private static final class Followers {
    private int[] words = new int[2];
    private int[] counts = new int[2];
    private int size;
    private int total;

    /** Counts one more; says whether the word is new here. */
    private boolean add(int word) {
      total++;
      for (int i = 0; i < size; i++) {
        if (words[i] == word) {
          counts[i]++;
          return false;
        }
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
      }
      words[size] = word;
      counts[size++] = 1;
      return true;
    }
  }

  private final int order;
  private final int vocabulary;

  /**
   * By length of the context, then by its hash: 64 bits, so that two of a few million contexts
   * never meet.
   */
  private final List<Map<Long, Followers>> contexts;

  private final double[] discounts;

  private KneserNey(int order, int vocabulary, List<Map<Long, Followers>> contexts) {
    this.order = order;
    this.vocabulary = vocabulary;
    this.contexts = contexts;
    this.discounts = contexts.stream().mapToDouble(KneserNey::discount).toArray();
  }

  /**
   * Trains a model.
   *
   * @param order words of context and the word itself: 2 looks back one word
   * @param sentences token ids below {@code vocabulary}
   */
  public static KneserNey train(int order, int vocabulary, List<int[]> sentences) {
    if (order < 1) {
      throw new IllegalArgumentException("order is " + order + ", expected at least 1");
    }
    var contexts =
        java.util.stream.Stream.generate(
                () -> (Map<Long, Followers>) new HashMap<Long, Followers>())
            .limit(order)
            .toList();
    for (int[] sentence : sentences) {
      for (int i = 0; i < sentence.length; i++) {
        boolean unseen = true;
        for (int length = order - 1; length >= 0 && unseen; length--) {
          unseen =
              contexts
                  .get(length)
                  .computeIfAbsent(hash(sentence, i, length), key -> new Followers())
                  .add(sentence[i]);
        }
      }
    }
    return new KneserNey(order, vocabulary, contexts);
  }

  /** Of the {@code length} tokens before {@code end}. */
  private static long hash(int[] tokens, int end, int length) {
    long hash = length;
    for (int i = end - length; i < end; i++) {
      hash = 0x9E3779B97F4A7C15L * (hash ^ (i < 0 ? BEGIN : tokens[i]) ^ (hash >>> 29));
    }
    return hash;
  }

  /** n1 / (n1 + 2 n2), n1 and n2 the number of counts 1 and 2. */
  private static double discount(Map<Long, Followers> contexts) {
    double ones = 0;
    double twos = 0;
    for (Followers followers : contexts.values()) {
      for (int i = 0; i < followers.size; i++) {
        ones += followers.counts[i] == 1 ? 1 : 0;
        twos += followers.counts[i] == 2 ? 1 : 0;
      }
    }
    return ones == 0 ? 0.5 : ones / (ones + 2 * twos);
  }

  /**
   * The next-token distribution after the first {@code position} tokens of a sentence.
   *
   * @return V probabilities, all above 0, that sum to 1
   */
  public double[] next(int[] sentence, int position) {
    var row = new double[vocabulary];
    Arrays.fill(row, 1.0 / vocabulary);
    for (int length = 0; length < order; length++) {
      Followers followers = contexts.get(length).get(hash(sentence, position, length));
      if (followers == null) {
        break;
      }
      double discount = discounts[length];
      double rest = discount * followers.size / followers.total;
      for (int i = 0; i < row.length; i++) {
        row[i] *= rest;
      }
      for (int i = 0; i < followers.size; i++) {
        row[followers.words[i]] += (followers.counts[i] - discount) / followers.total;
      }
    }
    return row;
  }

  /** e to the mean surprisal of all tokens of the sentences. */
  public double perplexity(List<int[]> sentences) {
    double surprisal = 0;
    long tokens = 0;
    for (int[] sentence : sentences) {
      for (int i = 0; i < sentence.length; i++) {
        surprisal -= Math.log(next(sentence, i)[sentence[i]]);
        tokens++;
      }
    }
    return Math.exp(surprisal / tokens);
  }
}
