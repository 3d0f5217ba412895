package io.tokentropy.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.refusal.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MiniLmTest {
  private static final String[] WORDS = {"river", "stone", "house", "garden", "winter"};

  private static double cosine(double[] a, double[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  @Test
  void textsThatMeanTheSameAreNear() {
    List<double[]> vectors =
        vectors(
            new MiniLm(),
            List.of(
                "The cat sits on the mat.",
                "A cat is sitting on a mat.",
                "Interest rates rose in March."));
    assertThat(vectors).allMatch(vector -> vector.length == 384);
    assertThat(cosine(vectors.get(0), vectors.get(1))).isGreaterThan(0.8);
    assertThat(cosine(vectors.get(0), vectors.get(2))).isLessThan(0.3);
  }

  @Test
  void theSameTextsGiveTheSameVectorsOnAllThreads() throws Exception {
    var model = new MiniLm();
    var texts = List.of("Where is Paris?", "Paris is in France.", "äöü, 東京, 🙂", "x");
    List<double[]> alone = vectors(model, texts);
    try (var threads = Executors.newFixedThreadPool(8)) {
      var calls = new ArrayList<Callable<List<double[]>>>();
      for (int i = 0; i < 32; i++) {
        calls.add(() -> vectors(model, texts));
      }
      for (var found : threads.invokeAll(calls)) {
        for (int i = 0; i < texts.size(); i++) {
          assertThat(found.get().get(i)).isEqualTo(alone.get(i));
        }
      }
    }
  }

  /** Words, each of which is one piece. */
  private static String words(int n, String last) {
    return IntStream.range(0, n - 1)
        .mapToObj(i -> WORDS[i % WORDS.length])
        .collect(Collectors.joining(" ", "", " " + last));
  }

  private static List<double[]> vectors(MiniLm model, List<String> texts) {
    return model.embed(texts, LongTexts.REFUSE).vectors();
  }

  private static double cosineOf(LongTexts longTexts, String a, String b) {
    List<double[]> vectors = new MiniLm().embed(List.of(a, b), longTexts).vectors();
    return cosine(vectors.get(0), vectors.get(1));
  }

  @ParameterizedTest(name = "{0} words, long texts by {1}")
  @CsvSource({"130, REFUSE", "201, REFUSE", "510, REFUSE", "511, MEAN", "1001, MEAN", "1500, MEAN"})
  void textsThatDifferInTheirLastWordAlone(int n, LongTexts longTexts) {
    assertThat(cosineOf(longTexts, words(n, "peace"), words(n, "murder"))).isLessThan(1 - 1e-6);
  }

  @Test
  void truncatedTextsAreTheirFirst510Pieces() {
    assertThat(cosineOf(LongTexts.TRUNCATE, words(511, "peace"), words(511, "murder")))
        .isEqualTo(1);
    var model = new MiniLm();
    Embeddings found = model.embed(List.of("x", words(600, "peace")), LongTexts.TRUNCATE);
    assertThat(found.longTexts()).containsExactly(new Embeddings.LongText(1, 600, 510));
    assertThat(found.vectors().get(1))
        .isEqualTo(vectors(model, List.of(words(510, WORDS[509 % 5]))).getFirst());
  }

  @Test
  void theMeanOfAShortTextIsItsVector() {
    var model = new MiniLm();
    var texts = List.of("Where is Paris?", words(510, "peace"));
    Embeddings mean = model.embed(texts, LongTexts.MEAN);
    assertThat(mean.longTexts()).isEmpty();
    for (int i = 0; i < texts.size(); i++) {
      assertThat(mean.vectors().get(i)).isEqualTo(vectors(model, texts).get(i));
    }
  }

  @Test
  void aTextThatIsTooLongIsRefusedWithItsPlaceAndLength() {
    assertThatThrownBy(() -> vectors(new MiniLm(), List.of("x", words(511, "peace"))))
        .isInstanceOfSatisfying(
            InvalidInput.ParameterOutOfRange.class,
            refused -> {
              assertThat(refused.pointer()).isEqualTo("/1");
              assertThat(refused.detail()).contains("511 word pieces", "at most 510");
              assertThat(refused.hint()).contains("long_texts");
            });
  }

  /** A quantised model scales by what is in the batch: one that held both would mix them. */
  @Test
  void aTextHasTheSameVectorWhateverStandsBesideIt() {
    var model = new MiniLm();
    assertThat(vectors(model, List.of("It rained.", words(300, "peace"), "Seven!")).getFirst())
        .isEqualTo(vectors(model, List.of("It rained.")).getFirst());
  }

  @Test
  void anotherBuildComesFromAFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("copy.onnx");
    try (var in = MiniLm.class.getResourceAsStream("/all-minilm-l6-v2-q.onnx")) {
      Files.copy(in, file);
    }
    var model = new MiniLm(file);
    assertThat(model.model()).isEqualTo("all-MiniLM-L6-v2 (copy.onnx)");
    assertThat(vectors(model, List.of("Why?")).getFirst())
        .isEqualTo(vectors(new MiniLm(), List.of("Why?")).getFirst());
  }

  @Test
  void aFileThatIsNoModelIsSaidPlainly(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("x.onnx");
    assertThatThrownBy(() -> new MiniLm(file)).isInstanceOf(IllegalArgumentException.class);
    Files.writeString(file, "no model");
    var model = new MiniLm(file);
    assertThatThrownBy(() -> vectors(model, List.of("a"))).isInstanceOf(EmbeddingUnavailable.class);
  }
}
