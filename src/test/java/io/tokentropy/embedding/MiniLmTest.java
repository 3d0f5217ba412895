package io.tokentropy.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class MiniLmTest {
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
        new MiniLm()
            .embed(
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
    List<double[]> alone = model.embed(texts);
    try (var threads = Executors.newFixedThreadPool(8)) {
      var calls = new ArrayList<Callable<List<double[]>>>();
      for (int i = 0; i < 32; i++) {
        calls.add(() -> model.embed(texts));
      }
      for (var found : threads.invokeAll(calls)) {
        for (int i = 0; i < texts.size(); i++) {
          assertThat(found.get().get(i)).isEqualTo(alone.get(i));
        }
      }
    }
  }
}
