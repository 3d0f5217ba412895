package io.tokentropy.inventropy;

import io.tokentropy.kernel.Kernel;
import io.tokentropy.similarity.Similarities;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Times all scalars of a question with a bootstrap against NumPy on the same similarities; rounds
 * alternate. Run by {@code src/bench/run}.
 */
public final class InvEntropyBenchmark {
  private static final int ROUNDS = 9;

  private InvEntropyBenchmark() {}

  private static List<double[]> matrix(SplittableRandom random, int n) {
    var rows = new ArrayList<double[]>();
    for (int i = 0; i < n; i++) {
      rows.add(random.doubles(n, 0.5, 1).toArray());
    }
    return rows;
  }

  private static double question(List<double[]> x, List<double[]> y, int each, int draws) {
    Groups groups = Groups.even(x.size(), each, y.size());
    Replicates found =
        Replicates.of(
            Transitions.of(Similarities.of(x), Transitions.ZeroRow.ERROR),
            Similarities.of(y),
            groups,
            Draws.seeded(groups, draws, 0),
            Transitions.ZeroRow.ERROR,
            InvEntropy.MarginalX.BAYES);
    return found.mean(InvEntropy::invEntropy)
        + found.mean(InvEntropy::niEntropy)
        + found.mean(InvEntropy::maxPyGivenX)
        + found.mean(InvEntropy::maxPy)
        + found.mean(InvEntropy::wdSortedMasses)
        + found.mean(InvEntropy::totalVariation)
        + found.mean(InvEntropy::jensenShannon);
  }

  public static void main(String[] args) throws IOException {
    System.out.printf("%nInv-Entropy with its framework from similarities, one thread%n");
    System.out.printf("%6s %8s %6s %12s %12s%n", "N", "answers", "draws", "here us", "NumPy us");
    run(args[0], 10, 5, 30);
    run(args[0], 50, 5, 30);
    run(args[0], 500, 1, 1);
    System.out.printf(
        "%nProduct of two N x N matrices%n%6s %12s %12s%n", "N", "kernel us", "EJML us");
    for (int n : new int[] {10, 50, 100, 256}) {
      product(n);
    }
  }

  private static void product(int n) {
    var random = new SplittableRandom(6);
    double[][] a = matrix(random, n).toArray(new double[0][]);
    double[][] b = matrix(random, n).toArray(new double[0][]);
    var left = new DMatrixRMaj(a);
    var right = new DMatrixRMaj(b);
    var found = new double[n][n];
    var expected = new DMatrixRMaj(n, n);
    int calls = 60_000_000 / (n * n * n) + 5;
    var kernel = new double[ROUNDS];
    var ejml = new double[ROUNDS];
    for (int round = -3; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        Kernel.best().product(a, b, found);
      }
      long middle = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        CommonOps_DDRM.mult(left, right, expected);
      }
      if (round >= 0) {
        kernel[round] = (middle - start) / 1e3 / calls;
        ejml[round] = (System.nanoTime() - middle) / 1e3 / calls;
      }
    }
    Arrays.sort(kernel);
    Arrays.sort(ejml);
    if (Math.abs(found[n - 1][0] - expected.get(n - 1, 0)) > 1e-9 * n) {
      throw new IllegalStateException("the two products differ");
    }
    System.out.printf(
        Locale.ROOT,
        "%6d %12.2f %12.2f   %.1fx%n",
        n,
        kernel[ROUNDS / 2],
        ejml[ROUNDS / 2],
        ejml[ROUNDS / 2] / kernel[ROUNDS / 2]);
  }

  private static void run(String python, int n, int each, int draws) throws IOException {
    var random = new SplittableRandom(5);
    List<double[]> x = matrix(random, n);
    List<double[]> y = matrix(random, n * each);
    var rows = new ArrayList<>(x);
    rows.addAll(y);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 * (n * n + n * each * n * each)).order(ByteOrder.LITTLE_ENDIAN);
    rows.forEach(row -> Arrays.stream(row).forEach(bytes::putDouble));
    Path file = Path.of("target/similarities.f64");
    Files.write(file, bytes.array());
    Process numpy =
        new ProcessBuilder(
                python,
                "src/bench/numpy_inv_entropy.py",
                file.toString(),
                Integer.toString(n),
                Integer.toString(each),
                Integer.toString(draws))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var answers =
        new BufferedReader(new InputStreamReader(numpy.getInputStream(), StandardCharsets.UTF_8));
    var asks = new PrintStream(numpy.getOutputStream(), true, StandardCharsets.UTF_8);
    double sink = 0;
    int calls = Math.max(20, 40_000_000 / (n * n * (draws + 2)));
    for (int i = 0; i < 2 * calls; i++) {
      sink += question(x, y, each, draws);
    }
    var here = new double[ROUNDS];
    var there = new double[ROUNDS];
    double score = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        sink += question(x, y, each, draws);
      }
      here[round] = (System.nanoTime() - start) / 1e3 / calls;
      asks.println();
      String[] answer = answers.readLine().split(" ");
      there[round] = Double.parseDouble(answer[0]);
      score = Double.parseDouble(answer[1]);
    }
    asks.close();
    Arrays.sort(here);
    Arrays.sort(there);
    double ours = here[ROUNDS / 2];
    double theirs = there[ROUNDS / 2];
    System.out.printf(
        Locale.ROOT,
        "%6d %8d %6d %12.1f %12.1f   NumPy %.1fx%n",
        n,
        n * each,
        draws,
        ours,
        theirs,
        theirs / ours);
    if (Double.isNaN(sink) || Math.abs(score - Math.log(n)) > 0.2) {
      throw new IllegalStateException("NumPy's score is " + score);
    }
  }
}
