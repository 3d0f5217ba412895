package io.tokentropy.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.kernel.Kernel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times Top-H with its certificate, on double rows, against the entropy alone and against NumPy's
 * argsort and cumulative sums on the same data; rounds alternate. Run by {@code src/bench/run}.
 */
public final class TruncationBenchmark {
  static final int VOCAB = 131_072;
  private static final int ROUNDS = 9;
  private static final List<String> SHAPES =
      List.of("peaky", "Gaussian", "flat", "head and flat tail", "one token over a wide tail");

  private TruncationBenchmark() {}

  static double[] logits(String shape) {
    var random = new SplittableRandom(3);
    var row = new double[VOCAB];
    for (int i = 0; i < VOCAB; i++) {
      row[i] =
          (float)
              switch (shape) {
                case "peaky", "one token over a wide tail" -> 1.5 * random.nextGaussian();
                case "Gaussian" -> 2.4 * random.nextGaussian();
                case "flat" -> 0.05 * random.nextGaussian();
                default -> i < 20 ? 8 : 0.05 * random.nextGaussian();
              };
    }
    switch (shape) {
      case "peaky" -> {
        row[VOCAB / 3] = 16;
        for (int i = 1; i < 20; i++) {
          row[VOCAB / 3 + 50 * i] = (float) (13.5 - 0.5 * i);
        }
      }
      case "one token over a wide tail" -> row[VOCAB / 3] = 22;
      default -> {}
    }
    return row;
  }

  private interface Task {
    double run();
  }

  private static double sink;

  private static double time(int calls, Task task) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      sink += task.run();
    }
    return (System.nanoTime() - start) / 1e3 / calls;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    out.printf(
        "%nTop-H with certificate, alpha 0.4, %d logits, %s%n", VOCAB, Kernel.best().describe());
    out.printf(
        "%-26s %7s %12s %12s %14s%n", "shape", "kept", "entropy us", "Top-H us", "NumPy sort us");
    for (String shape : SHAPES) {
      double[] row = logits(shape);
      Path file = Path.of("target/row.f64");
      ByteBuffer bytes = ByteBuffer.allocate(8 * VOCAB).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asDoubleBuffer().put(row);
      Files.write(file, bytes.array());
      Process numpy =
          new ProcessBuilder(args[0], "src/bench/numpy_top_h.py", file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      var answers =
          new BufferedReader(new InputStreamReader(numpy.getInputStream(), StandardCharsets.UTF_8));
      var asks = new PrintStream(numpy.getOutputStream(), true, StandardCharsets.UTF_8);
      List<Sampler> chain = List.of(TopH.of(0.4));
      Task entropy = () -> Distribution.ofLogits(row, 1).entropy().low();
      Task topH = () -> Truncation.of(Distribution.ofLogits(row, 1), chain).keptMass();
      time(300, entropy);
      time(150, topH);
      double[][] micros = new double[3][ROUNDS];
      int kept = Truncation.of(Distribution.ofLogits(row, 1), chain).keptCount();
      for (int round = 0; round < ROUNDS; round++) {
        micros[0][round] = time(100, entropy);
        micros[1][round] = time(40, topH);
        asks.println();
        String[] answer = answers.readLine().split(" ");
        micros[2][round] = Double.parseDouble(answer[0]);
        if (Integer.parseInt(answer[1]) != kept) {
          throw new IllegalStateException("NumPy kept " + answer[1] + ", expected " + kept);
        }
      }
      asks.close();
      double alone = median(micros[0]);
      double whole = median(micros[1]);
      double sorted = median(micros[2]);
      out.printf(
          Locale.ROOT,
          "%-26s %7d %12.1f %12.1f %14.1f   %.1fx entropy, NumPy %.1fx%n",
          shape,
          kept,
          alone,
          whole,
          sorted,
          whole / alone,
          sorted / whole);
    }
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("a sum is NaN");
    }
  }
}
