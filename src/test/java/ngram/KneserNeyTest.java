package ngram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KneserNeyTest {
  /** "a b", "a c" over END 0, UNKNOWN 1, a 2, b 3, c 4. */
  private static final List<int[]> TWO = List.of(new int[] {2, 3, 0}, new int[] {2, 4, 0});

  /**
   * Continuations: a 1, b 1, c 1, end 2, so the discount is 3/5 and P(b) = 0.4/5 + 0.48/5 = 0.176.
   * Bigrams: four counts of 1 and one of 2, so the discount is 4/6 and P(b | a) = (1/3)/2 + (2/3)
   * P(b) = 0.284.
   */
  @Test
  void twoSentencesGiveTheProbabilitiesOfTheFormula() {
    double[] afterA = KneserNey.train(2, 5, TWO).next(new int[] {2, 3, 0}, 1);
    assertThat(afterA[3]).isCloseTo(0.284, within(1e-12));
    assertThat(afterA[4]).isCloseTo(0.284, within(1e-12));
    assertThat(afterA[0]).isCloseTo(2.0 / 3 * 0.376, within(1e-12));
    assertThat(afterA[1]).isCloseTo(2.0 / 3 * 0.096, within(1e-12));
    assertThat(Arrays.stream(afterA).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void theBibleHas31102VersesAndLongerContextsHelp() throws IOException {
    assertThat(Corpus.verses(Path.of("src/examples/ngram/kjv.txt.gz"))).hasSize(31_102);
    Corpus corpus = Corpus.kingJames();
    assertThat(corpus.heldBack()).hasSize(31_102 / 20);
    List<int[]> some = corpus.heldBack().subList(0, 30);
    double last = Double.MAX_VALUE;
    for (int order : new int[] {1, 2, 5}) {
      KneserNey model = KneserNey.train(order, corpus.size(), corpus.training());
      double perplexity = model.perplexity(some);
      assertThat(perplexity).as("order " + order).isBetween(1.0, 0.7 * last);
      last = perplexity;
      for (double[] row : WalkVerses.rows(corpus, model, 50)) {
        assertThat(row).hasSize(corpus.size());
        assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-9));
        assertThat(Arrays.stream(row).min().orElseThrow()).isPositive();
      }
    }
  }
}
