package io.tokentropy.kernel;

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
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Times the kernel against NumPy on the same file, against a plain vector sum over the same memory,
 * and against scalar Java; rounds alternate, the medians are printed. Run by {@code src/bench/run}.
 */
public final class KernelBenchmark {
  static final int VOCAB = 131_072;
  private static final int ROUNDS = 11;
  private static final int CALLS = 300;

  /** 96 MB: beyond every core's own cache. */
  private static final int RING = 192;

  private static final Kernel KERNEL = Kernel.best();
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private KernelBenchmark() {}

  /**
   * Logits like those of a language model: Gaussian with deviation 2.4, and 40 tokens that stand
   * out.
   */
  static float[] logits(long seed) {
    var random = new SplittableRandom(seed);
    var row = new float[VOCAB];
    for (int i = 0; i < VOCAB; i++) {
      row[i] = (float) (2.4 * random.nextGaussian());
    }
    for (int i = 0; i < 40; i++) {
      row[random.nextInt(VOCAB)] += 8;
    }
    return row;
  }

  static double entropy(FloatRow row, RowSums sums) {
    KERNEL.entropy(row, sums);
    return sums.entropy();
  }

  /** What a careful programmer writes without vectors: two fused passes in double. */
  static double scalarEntropy(float[] row) {
    double max = Double.NEGATIVE_INFINITY;
    for (float score : row) {
      max = Math.max(max, score);
    }
    double z = 0;
    double s = 0;
    for (float score : row) {
      double d = score - max;
      double e = Math.exp(d);
      z += e;
      s += d * e;
    }
    return Math.log(z) - s / z;
  }

  static float vectorSum(float[] row) {
    var a = FloatVector.zero(SPECIES);
    var b = a;
    var c = a;
    var d = a;
    int lanes = SPECIES.length();
    for (int i = 0; i < row.length; i += 4 * lanes) {
      a = a.add(FloatVector.fromArray(SPECIES, row, i));
      b = b.add(FloatVector.fromArray(SPECIES, row, i + lanes));
      c = c.add(FloatVector.fromArray(SPECIES, row, i + 2 * lanes));
      d = d.add(FloatVector.fromArray(SPECIES, row, i + 3 * lanes));
    }
    return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
  }

  private interface Task {
    double run(int call);
  }

  private static double sink;

  /** Microseconds a call. */
  private static double time(int calls, Task task) {
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      sink += task.run(i);
    }
    return (System.nanoTime() - start) / 1e3 / calls;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  public static void main(String[] args) throws IOException {
    float[] row = logits(1);
    float[][] ring = new float[RING][];
    var views = new FloatRow[RING];
    for (int i = 0; i < RING; i++) {
      ring[i] = logits(i);
      views[i] = Rows.view(ring[i]);
    }
    FloatRow view = Rows.view(row);
    FloatRow half = Rows.view(row, FloatRow.Type.F16);
    FloatRow upperHalf = Rows.view(row, FloatRow.Type.BF16);
    var sums = new RowSums();
    Path file = Path.of("target/logits.f32");
    ByteBuffer bytes = ByteBuffer.allocate(4 * VOCAB).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row);
    Files.write(file, bytes.array());

    Process numpy =
        new ProcessBuilder(args[0], "src/bench/numpy_entropy.py", file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var answers =
        new BufferedReader(new InputStreamReader(numpy.getInputStream(), StandardCharsets.UTF_8));
    var asks = new PrintStream(numpy.getOutputStream(), true, StandardCharsets.UTF_8);
    String ready = answers.readLine();

    Task whole = i -> entropy(view, sums);
    Task scalar = i -> scalarEntropy(row);
    Task sumOfRing = i -> vectorSum(ring[i % RING]);
    Task wholeOfRing = i -> entropy(views[i % RING], sums);
    Task halves = i -> entropy(half, sums);
    Task upperHalves = i -> entropy(upperHalf, sums);
    List<Task> tasks = List.of(whole, scalar, sumOfRing, wholeOfRing, halves, upperHalves);
    for (Task task : tasks) {
      time(3_000, task);
    }
    double[][] micros = new double[tasks.size() + 2][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int t = 0; t < tasks.size(); t++) {
        micros[t][round] = time(CALLS, tasks.get(t));
      }
      for (String form : List.of("log_softmax", "best")) {
        asks.println(form);
        String[] answer = answers.readLine().split(" ");
        micros[tasks.size() + (form.equals("best") ? 1 : 0)][round] = Double.parseDouble(answer[0]);
        if (Math.abs(Double.parseDouble(answer[1]) - entropy(view, sums)) > 1e-4) {
          throw new IllegalStateException("NumPy found another entropy: " + answer[1]);
        }
      }
    }
    asks.close();
    double ours = median(micros[0]);
    PrintStream out = System.out;
    out.printf(
        "%s, Java %s, %s, %s%n",
        cpu(), Runtime.version(), KERNEL.describe(), ready.replace("ready", "NumPy"));
    out.printf("%d float32 logits, one thread, medians of %d alternating rounds%n", VOCAB, ROUNDS);
    line(out, "entropy, whole call, in cache", ours, "");
    line(out, "NumPy, log_softmax form", median(micros[6]), ratio(median(micros[6]) / ours));
    line(out, "NumPy, best form", median(micros[7]), ratio(median(micros[7]) / ours));
    line(out, "scalar Java, fused", median(micros[1]), ratio(median(micros[1]) / ours));
    line(out, "entropy of float16, in cache", median(micros[4]), "");
    line(out, "entropy of bfloat16, in cache", median(micros[5]), "");
    line(out, "entropy, whole call, beyond L2", median(micros[3]), "");
    line(
        out,
        "plain vector sum, beyond L2",
        median(micros[2]),
        String.format(
            Locale.ROOT, "%.2f of the whole call", median(micros[2]) / median(micros[3])));
    if (Double.isNaN(sink)) {
      throw new IllegalStateException("a sum is NaN");
    }
  }

  private static void line(PrintStream out, String what, double micros, String ratio) {
    out.printf(Locale.ROOT, "%-32s %9.1f us   %s%n", what, micros, ratio);
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.1fx", ratio);
  }

  private static String cpu() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    if (!Files.exists(info)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(info).stream()
        .filter(each -> each.startsWith("model name"))
        .map(each -> each.substring(each.indexOf(':') + 2))
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }
}
