package io.tokentropy.perturbation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.perturbation.Gaap.Cut;
import io.tokentropy.perturbation.Gaap.Mutable;
import io.tokentropy.perturbation.Gaap.Perturbation;
import io.tokentropy.perturbation.Gaap.Population;
import io.tokentropy.perturbation.Gaap.Settings;
import io.tokentropy.perturbation.Gaap.StoppedBy;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GaapTest {
  private static final Map<String, List<String>> MAP =
      Map.of("golfer", List.of("player", "golf_pro", "Golfer"), "won", List.of("took", "gained"));

  private static Settings settings(Cut cut, Mutable mutation, double delta, boolean fill) {
    return new Settings(9, 20, 2, 20, 10, cut, mutation, delta, 200, fill);
  }

  private static final Settings USUAL = settings(Cut.INDEX, Mutable.KEY_WORDS, 0.7, true);

  private static Gaap.Result of(
      String text, Map<String, List<String>> map, Settings settings, long seed) {
    Words words = Words.of(text);
    Substitutes substitutes = Substitutes.of(words, map, true);
    return Gaap.of(words, substitutes.positions(), substitutes, overlap(words), settings, seed);
  }

  private static Overlap overlap(Words words) {
    return new Overlap(words, cosine -> (1 + cosine) / 2);
  }

  private static List<String> texts(Gaap.Result result) {
    return result.perturbations().stream().map(Perturbation::text).toList();
  }

  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("\\ban\\b", "a");
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  /** Some text of the size of the seed, and a map for some of its words. */
  private record Sample(String text, Map<String, List<String>> map) {
    static Sample of(long seed) {
      var random = new SplittableRandom(seed);
      String[] marks = {" ", " ", " ", ", ", ". ", " (", ") ", "? ", " - ", "\n"};
      int size = 2 + (int) seed;
      var text = new StringBuilder(seed % 3 == 0 ? "\"" : "");
      var map = new HashMap<String, List<String>>();
      for (int i = 0; i < size; i++) {
        boolean article = i > 0 && i < size - 1 && random.nextInt(6) == 0;
        String word = article ? "a" : "w" + random.nextInt(size);
        boolean capital = !article && random.nextInt(3) == 0;
        text.append(capital ? Words.capitalised(word) : word);
        text.append(i == size - 1 ? "?" : marks[random.nextInt(marks.length)]);
        if (!article && (i == 0 || random.nextBoolean())) {
          map.put(
              word,
              IntStream.range(0, 1 + random.nextInt(4))
                  .mapToObj(k -> "x" + k + (k == 2 ? "_y" : ""))
                  .toList());
        }
      }
      return new Sample(text.toString(), map);
    }
  }

  /** Word for word; and where no word is left out or repeated, mark for mark. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aPerturbationDiffersOnlyWhereItsGenomeSays(long seed) {
    Sample sample = Sample.of(seed);
    Words words = Words.of(sample.text());
    for (Cut cut : Cut.values()) {
      for (Mutable mutation : Mutable.values()) {
        Gaap.Result result =
            of(sample.text(), sample.map(), settings(cut, mutation, 0, false), seed);
        assertThat(result.perturbations()).isNotEmpty();
        for (Perturbation each : result.perturbations()) {
          Words found = Words.of(each.text());
          assertThat(plain(spelled(found))).isEqualTo(plain(said(words, each.genome())));
          assertThat(plain(each.text())).isNotEqualTo(plain(sample.text()));
          assertThat(each.text()).doesNotContain("_").isNotBlank();
          if (each.genome().size() == words.size() && isAscending(each.genome())) {
            assertThat(plain(each.text())).isEqualTo(plain(replacedInPlace(sample, each.genome())));
          }
        }
        assertThat(texts(result).stream().map(GaapTest::plain)).doesNotHaveDuplicates();
      }
    }
  }

  private static String spelled(Words words) {
    return IntStream.range(0, words.size()).mapToObj(words::at).collect(Collectors.joining(" "));
  }

  private static String said(Words words, Genome genome) {
    return genome.genes().stream()
        .map(gene -> gene.by() == null ? words.at(gene.position()) : gene.by())
        .collect(Collectors.joining(" "));
  }

  private static boolean isAscending(Genome genome) {
    return IntStream.range(0, genome.size()).allMatch(i -> genome.genes().get(i).position() == i);
  }

  /** The text with words of the genome in the places of its own, from the last to the first. */
  private static String replacedInPlace(Sample sample, Genome genome) {
    var text = new StringBuilder(sample.text());
    int end = text.length();
    for (int i = genome.size() - 1; i >= 0; i--) {
      String word = Words.of(sample.text()).at(i);
      int at = text.lastIndexOf(word, end - word.length());
      String by = genome.genes().get(i).by();
      text.replace(at, at + word.length(), by == null ? word : by);
      end = at;
    }
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  void theSameSeedGivesTheSameAndAnotherSomethingElse(Cut cut) {
    Settings settings = settings(cut, Mutable.ANY_WORD, 0, true);
    Sample sample = Sample.of(30);
    Gaap.Result one = of(sample.text(), sample.map(), settings, 5);
    assertThat(of(sample.text(), sample.map(), settings, 5)).isEqualTo(one);
    assertThat(texts(of(sample.text(), sample.map(), settings, 6))).isNotEqualTo(texts(one));
  }

  /** A cut by word never repeats one, however many generations there are. */
  @Test
  void aCutByWordKeepsTheWordsInOrder() {
    Sample sample = Sample.of(40);
    for (Perturbation each :
        of(sample.text(), sample.map(), settings(Cut.WORD, Mutable.ANY_WORD, 0, false), 1)
            .perturbations()) {
      int[] positions = each.genome().genes().stream().mapToInt(Gene::position).toArray();
      int[] ascending = Arrays.stream(positions).sorted().distinct().toArray();
      assertThat(positions).isEqualTo(ascending);
    }
  }

  @Test
  void noWordThatIsNoKeyWordChangesUnlessAnyMay() {
    String text = "Which golfer won here?";
    Words words = Words.of(text);
    Substitutes substitutes = Substitutes.of(words, MAP, true);
    for (Mutable mutation : Mutable.values()) {
      Gaap.Result result =
          Gaap.of(
              words,
              List.of(1),
              substitutes,
              overlap(words),
              settings(Cut.WORD, mutation, 0, false),
              3);
      boolean others =
          result.perturbations().stream()
              .anyMatch(each -> !each.text().toLowerCase(Locale.ROOT).contains("won"));
      assertThat(others).isEqualTo(mutation == Mutable.ANY_WORD);
    }
  }

  @Test
  void aFirstPopulationThatIsTooFarIsTheLast() {
    Gaap.Result result =
        of("Golfer won", MAP, settings(Cut.INDEX, Mutable.KEY_WORDS, 0.99, true), 0);
    assertThat(result.stoppedBy()).isEqualTo(StoppedBy.DELTA);
    assertThat(result.populations()).hasSize(1);
    assertThat(result.perturbations()).hasSize(9).allMatch(each -> each.generation() == 0);
  }

  /** Closeness that falls with every new text: the third population is the first that is far. */
  @Test
  void noTextIsDrawnFromAPopulationThatIsTooFar() {
    Words words = Words.of(Sample.of(40).text());
    Substitutes substitutes = Substitutes.of(words, Sample.of(40).map(), true);
    var batches = new ArrayList<Integer>();
    Closeness falling =
        texts -> {
          batches.add(texts.size());
          double close = 1.0 / batches.size();
          return texts.stream().mapToDouble(text -> close).toArray();
        };
    var settings = new Settings(9, 20, 1, 1, 10, Cut.WORD, Mutable.ANY_WORD, 0.3, 200, true);
    Gaap.Result result = Gaap.of(words, substitutes.positions(), substitutes, falling, settings, 0);
    assertThat(result.stoppedBy()).isEqualTo(StoppedBy.DELTA);
    Population last = result.populations().getLast();
    assertThat(last.closest()).isLessThan(0.3);
    assertThat(result.populations().get(last.generation() - 1).closest())
        .isGreaterThanOrEqualTo(0.3);
    assertThat(result.perturbations()).allMatch(each -> each.generation() < last.generation());
  }

  @Test
  void generationsEndAtTheirLimitAndTextsAreDrawnEverySecond() {
    Sample sample = Sample.of(50);
    Gaap.Result result = of(sample.text(), sample.map(), USUAL, 0);
    assertThat(result.stoppedBy()).isEqualTo(StoppedBy.LIMIT);
    assertThat(result.populations()).hasSize(21);
    assertThat(result.populations().get(1).size()).isLessThanOrEqualTo(USUAL.generationSize());
    assertThat(result.perturbations()).allMatch(each -> each.generation() % 2 == 0);
    assertThat(result.perturbations().stream().map(Perturbation::generation).distinct())
        .hasSizeGreaterThan(5);
    assertThat(result.populations().getLast().mean())
        .isLessThan(result.populations().getFirst().mean());
  }

  @Test
  void whereThereAreFewerTextsTheyRepeatUnlessTheyMayNot() {
    Gaap.Result filled = of("golfer", MAP, settings(Cut.INDEX, Mutable.KEY_WORDS, 0, true), 0);
    assertThat(filled.stoppedBy()).isEqualTo(StoppedBy.EXHAUSTED);
    assertThat(filled.distinct()).isEqualTo(2);
    assertThat(texts(filled)).hasSize(9).containsOnly("player", "golf pro");
    Gaap.Result distinct = of("golfer", MAP, settings(Cut.INDEX, Mutable.KEY_WORDS, 0, false), 0);
    assertThat(texts(distinct)).containsExactlyInAnyOrder("player", "golf pro");
  }

  @Test
  void aLargeFirstPopulationIsASample() {
    Sample sample = Sample.of(59);
    var settings = new Settings(9, 0, 1, 1, 1, Cut.INDEX, Mutable.KEY_WORDS, 0, 12, true);
    Gaap.Result result = of(sample.text(), sample.map(), settings, 0);
    assertThat(result.populations()).hasSize(1);
    assertThat(result.populations().getFirst().size()).isEqualTo(12);
    assertThat(result.distinct()).isEqualTo(9);
  }

  @Test
  void aTextInWhichNothingCanChangeIsRefused() {
    assertThatThrownBy(() -> of("Who?", MAP, USUAL, 0))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }

  /** Every moment at which it may be asked, up to the end. */
  @Test
  void itEndsWhenNobodyWaits() {
    Sample sample = Sample.of(20);
    for (int asked = 0; asked < 200; asked += 20) {
      var left = new AtomicInteger(asked);
      assertThatThrownBy(
              () ->
                  Wanted.during(
                      () -> left.getAndDecrement() > 0,
                      () -> of(sample.text(), sample.map(), USUAL, 0)))
          .isInstanceOf(Wanted.No.class);
    }
  }

  @Test
  void closenessIsTheCosineOfWordCounts() {
    Overlap overlap = new Overlap(Words.of("The dog saw the cat"), cosine -> cosine);
    assertThat(overlap.of(List.of("the DOG saw the cat!", "the", "bird")))
        .containsExactly(1, 2 / Math.sqrt(7), 0);
  }
}
