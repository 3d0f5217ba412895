package io.tokentropy.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernel that this JVM chose, against sums in compensated double. The build runs it at the
 * preferred width, at 128 and 256 bits, and without the vector module.
 */
@Tag("kernel")
class KernelTest {
  private static final Kernel KERNEL = Kernel.best();

  /** A dozen seeds to a test, so that a failure names a short list. */
  static LongStream batches() {
    return LongStream.range(0, 60);
  }

  @Test
  void theKernelIsTheOneThatThisRunIsFor() {
    String expected = System.getProperty("tokentropy.test.kernel", "vector");
    switch (expected) {
      case "none" -> assertThat(KERNEL).isInstanceOf(ScalarKernel.class);
      case "vector" -> assertThat(KERNEL.bits()).isIn(128, 256, 512);
      default -> assertThat(KERNEL.bits()).isEqualTo(Integer.parseInt(expected));
    }
    assertThat(KERNEL.describe())
        .isEqualTo(KERNEL.bits() == 0 ? "scalar" : "vector " + KERNEL.bits() + " bit");
  }

  /** Z, S and Q with the rounding of every addition carried along (Neumaier). */
  private static RowSums reference(double[] row, double scale) {
    var out = new RowSums();
    ScalarKernel.INSTANCE.scan(row, 0, row.length, out);
    double[] sum = new double[3];
    double[] lost = new double[3];
    for (int id = 0; id < row.length; id++) {
      double d = (row[id] - out.max) * scale;
      double e = Math.exp(d);
      if (e > 0 && id != out.argmax) {
        double[] terms = {e, d * e, d * d * e};
        for (int i = 0; i < 3; i++) {
          double next = sum[i] + terms[i];
          lost[i] +=
              Math.abs(sum[i]) >= Math.abs(terms[i])
                  ? (sum[i] - next) + terms[i]
                  : (terms[i] - next) + sum[i];
          sum[i] = next;
        }
      }
    }
    out.rest = sum[0] + lost[0];
    out.s = sum[1] + lost[1];
    out.q = sum[2] + lost[2];
    return out;
  }

  @ParameterizedTest(name = "seeds from 12 x {0}")
  @MethodSource("batches")
  void floatRowsAreWithinAMillionthOfANat(long batch) {
    for (long seed = 12 * batch + 1; seed <= 12 * batch + 12; seed++) {
      float[] row = Rows.of(seed);
      var found = new RowSums();
      KERNEL.entropy(Rows.view(row), found);
      RowSums expected = reference(Rows.wide(row), 1);
      assertThat(found.bad).as("seed " + seed).isEqualTo(-1);
      assertThat(found.max).as("seed " + seed).isEqualTo(expected.max);
      assertThat(found.argmax).as("seed " + seed).isEqualTo(expected.argmax);
      assertThat(found.entropy()).as("seed " + seed).isCloseTo(expected.entropy(), within(1e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("batches")
  void aSpikeOverAFlatTailIsWithinAMillionthOfANat(long seed) {
    float[] row = Rows.spikeOverFlat(seed);
    var found = new RowSums();
    KERNEL.entropy(Rows.view(row), found);
    assertThat(found.entropy()).isCloseTo(reference(Rows.wide(row), 1).entropy(), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void aRowWhoseMassComesLateIsWithinAMillionthOfANat(long seed) {
    float[] row = Rows.surprising(seed);
    var found = new RowSums();
    KERNEL.entropy(Rows.view(row), found);
    RowSums expected = reference(Rows.wide(row), 1);
    assertThat(found.max).isEqualTo(expected.max);
    assertThat(found.argmax).isEqualTo(expected.argmax);
    assertThat(found.entropy()).isCloseTo(expected.entropy(), within(1e-6));
  }

  /** Half types are widened exactly, so their entropy is that of the widened row. */
  @ParameterizedTest(name = "seeds from 12 x {0}")
  @MethodSource("batches")
  void halfRowsAreTheirWidenedRows(long batch) {
    for (long seed = 12 * batch + 1; seed <= 12 * batch + 12; seed++) {
      for (FloatRow.Type type : new FloatRow.Type[] {FloatRow.Type.F16, FloatRow.Type.BF16}) {
        FloatRow row = Rows.view(Rows.of(seed), type);
        double[] wide = row.widened();
        var found = new RowSums();
        var expected = new RowSums();
        ScalarKernel.INSTANCE.scan(wide, 0, wide.length, expected);
        KERNEL.entropy(row, found);
        String what = type + " of seed " + seed;
        assertThat(found.bad).as(what).isEqualTo(expected.bad);
        if (expected.bad < 0 && expected.max > Double.NEGATIVE_INFINITY) {
          expected = reference(wide, 1);
          assertThat(found.max).as(what).isEqualTo(expected.max);
          assertThat(found.argmax).as(what).isEqualTo(expected.argmax);
          assertThat(found.entropy()).as(what).isCloseTo(expected.entropy(), within(1e-6));
        }
      }
    }
  }

  /** All 65,536 patterns of both half types, in rows of their own neighbourhood. */
  @Test
  void everyHalfIsWidenedExactly() {
    for (FloatRow.Type type : new FloatRow.Type[] {FloatRow.Type.F16, FloatRow.Type.BF16}) {
      var body = new byte[2 * 64];
      for (int first = 0; first < 65_536; first += 64) {
        for (int i = 0; i < 64; i++) {
          body[2 * i] = (byte) (first + i);
          body[2 * i + 1] = (byte) ((first + i) >> 8);
        }
        var row = new FloatRow(body, 0, 64, type);
        double[] wide = row.widened();
        var found = new RowSums();
        var expected = new RowSums();
        KERNEL.scan(row, found);
        ScalarKernel.INSTANCE.scan(wide, 0, 64, expected);
        assertThat(found.bad).as(type + " from " + first).isEqualTo(expected.bad);
        if (expected.bad < 0) {
          assertThat(found.max).as(type + " from " + first).isEqualTo(expected.max);
          KERNEL.moments(row, 0x1p-140, found);
          ScalarKernel.INSTANCE.moments(wide, 0, 64, 0x1p-140, expected);
          if (Double.isFinite(expected.max)) {
            assertThat(found.s)
                .as(type + " from " + first)
                .isCloseTo(expected.s, within(1e-12 * Math.abs(expected.s)));
          }
        }
      }
    }
  }

  @Test
  void aRowThatTheBodyDoesNotHoldIsRefused() {
    for (FloatRow.Type type : FloatRow.Type.values()) {
      new FloatRow(new byte[8], 8, 0, type);
      assertThatThrownBy(() -> new FloatRow(new byte[8], 1, 8 / type.bytes, type))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @ParameterizedTest(name = "seeds from 12 x {0}")
  @MethodSource("batches")
  void doubleSumsAgreeWithTheReference(long batch) {
    for (long seed = 12 * batch + 1; seed <= 12 * batch + 12; seed++) {
      double[] row = Rows.wide(Rows.of(seed));
      double scale = new double[] {1, 0.1, 10, 1 / 0.7}[(int) (seed % 4)];
      var found = new RowSums();
      KERNEL.scan(row, 0, row.length, found);
      KERNEL.moments(row, 0, row.length, scale, found);
      assertSame(found, reference(row, scale), "seed " + seed);
    }
  }

  @ParameterizedTest(name = "seeds from 12 x {0}")
  @MethodSource("batches")
  void floatMomentsAreComputedInDouble(long batch) {
    for (long seed = 12 * batch + 1; seed <= 12 * batch + 12; seed++) {
      float[] row = Rows.of(seed);
      double scale = new double[] {1, 0.1, 10, 1 / 0.7}[(int) (seed % 4)];
      var found = new RowSums();
      KERNEL.scan(Rows.view(row), found);
      KERNEL.moments(Rows.view(row), scale, found);
      assertSame(found, reference(Rows.wide(row), scale), "seed " + seed);
    }
  }

  private static void assertSame(RowSums found, RowSums expected, String what) {
    assertThat(found.max).as(what).isEqualTo(expected.max);
    assertThat(found.argmax).as(what).isEqualTo(expected.argmax);
    double tolerance = 1e-11;
    assertThat(found.rest).as(what).isCloseTo(expected.rest, within(tolerance * expected.rest));
    assertThat(found.entropy())
        .as(what)
        .isCloseTo(expected.entropy(), within(tolerance * expected.entropy()));
    double v = expected.varentropy();
    double mean = expected.s / expected.z();
    assertThat(found.varentropy())
        .as(what)
        .isCloseTo(v, within(tolerance * Math.max(1, mean * mean)));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 4095, 4096, 4097, 8191, 8193})
  void uniformRowsOfAnyLengthHaveTheirLogarithm(int size) {
    var found = new RowSums();
    KERNEL.entropy(Rows.view(new float[size]), found);
    assertThat(found.entropy()).isCloseTo(Math.log(size), within(1e-7));
    KERNEL.scan(new double[size], 0, size, found);
    KERNEL.moments(new double[size], 0, size, 1, found);
    assertThat(found.entropy()).isCloseTo(Math.log(size), within(1e-12));
    assertThat(found.varentropy()).isZero();
  }

  /**
   * One token, and others x nats below it, among masked ones: with e = e^−x each, H = ln(1 + ne) +
   * nxe / (1 + ne). Neither the best token's 1 nor the masked ones may swallow it.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 9, 17, 100, 4_096, 4_097, 9_001})
  void aSureRowKeepsItsDigits(int size) {
    var random = new SplittableRandom(size);
    var found = new RowSums();
    for (double below : new double[] {1, 26, 36.5, 100, 300, 500, 640}) {
      for (int others = 1; others < size; others *= 7) {
        double[] row = new double[size];
        java.util.Arrays.fill(row, Double.NEGATIVE_INFINITY);
        int best = random.nextInt(size);
        for (int i = 1; i <= others; i++) {
          row[(best + i) % size] = 5 - below;
        }
        row[best] = 5;
        double e = Math.exp(-below);
        double expected = Math.log1p(others * e) + others * below * e / (1 + others * e);
        KERNEL.scan(row, 0, size, found);
        KERNEL.moments(row, 0, size, 1, found);
        assertThat(found.entropy())
            .as("%d of %d at -%s", others, size, below)
            .isCloseTo(expected, within(1e-12 * expected));
        float[] narrow = new float[size];
        for (int i = 0; i < size; i++) {
          narrow[i] = (float) row[i];
        }
        KERNEL.scan(Rows.view(narrow), found);
        KERNEL.moments(Rows.view(narrow), 1, found);
        assertThat(found.entropy())
            .as("float, %d of %d at -%s", others, size, below)
            .isCloseTo(expected, within(1e-12 * expected));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 16, 100, 4_097})
  void aRowOfOneTokenAmongMaskedOnesHasNoEntropyAtAll(int size) {
    double[] row = new double[size];
    java.util.Arrays.fill(row, Double.NEGATIVE_INFINITY);
    row[size / 2] = -3;
    var found = new RowSums();
    KERNEL.scan(row, 0, size, found);
    KERNEL.moments(row, 0, size, 1, found);
    assertThat(found.rest).isZero();
    assertThat(Double.doubleToRawLongBits(found.entropy())).isZero();
    assertThat(Double.doubleToRawLongBits(found.varentropy())).isZero();
  }

  /** NaN or +∞ at any place of any length is found, the first of several. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16, 33, 100, 1000, 4096, 4100, 9001, 20_000})
  void nanAndInfinityAreFoundWithTheirPosition(int size) {
    float[] bad = {Float.NaN, Float.intBitsToFloat(0xffc00000), Float.POSITIVE_INFINITY};
    for (int i = 0; i < size; i += Math.max(1, size / 57)) {
      for (float wrong : bad) {
        float[] row = Rows.of(300 + size);
        row = java.util.Arrays.copyOf(row, size);
        row[i] = wrong;
        if (i + 3 < size) {
          row[i + 3] = Float.NaN;
        }
        var found = new RowSums();
        KERNEL.entropy(Rows.view(row), found);
        assertThat(found.bad).isEqualTo(i);
        KERNEL.scan(Rows.view(row), found);
        assertThat(found.bad).isEqualTo(i);
        KERNEL.scan(Rows.wide(row), 0, size, found);
        assertThat(found.bad).isEqualTo(i);
      }
    }
  }

  @Test
  void aNanAloneOrAmongMaskedTokensIsFound() {
    float[] row = new float[5000];
    java.util.Arrays.fill(row, Float.NEGATIVE_INFINITY);
    var found = new RowSums();
    KERNEL.entropy(Rows.view(row), found);
    assertThat(found.bad).isEqualTo(-1);
    assertThat(found.max).isEqualTo(Double.NEGATIVE_INFINITY);
    for (int bits : new int[] {0x7fc00000, 0xffc00000}) {
      row[4321] = Float.intBitsToFloat(bits);
      KERNEL.entropy(Rows.view(row), found);
      assertThat(found.bad).isEqualTo(4321);
    }
  }

  @Test
  void aRowInsideAnArrayIsReadAlone() {
    float[] all = new float[10_000];
    java.util.Arrays.fill(all, Float.NaN);
    float[] row = Rows.of(777);
    int size = Math.min(row.length, 9_000);
    System.arraycopy(row, 0, all, 500, size);
    var alone = new RowSums();
    var inside = new RowSums();
    KERNEL.entropy(Rows.view(java.util.Arrays.copyOf(row, size)), alone);
    KERNEL.entropy(new FloatRow(Rows.bytes(all), 2000, size, FloatRow.Type.F32), inside);
    assertThat(inside.entropy()).isEqualTo(alone.entropy());
    assertThat(inside.argmax).isEqualTo(alone.argmax);
    assertThat(inside.bad).isEqualTo(-1);
  }

  @ParameterizedTest(name = "seeds from 12 x {0}")
  @MethodSource("batches")
  void scoresThatReachACutAreFoundInOrder(long batch) {
    for (long seed = 12 * batch + 1; seed <= 12 * batch + 12; seed++) {
      double[] row = Rows.wide(Rows.of(seed));
      double cut = row[row.length / 2];
      int[] out = new int[row.length + Kernel.LANES_AT_MOST];
      int n = KERNEL.atLeast(row, cut, out);
      assertThat(java.util.Arrays.copyOf(out, n))
          .as("seed " + seed)
          .isEqualTo(
              java.util.stream.IntStream.range(0, row.length).filter(i -> row[i] >= cut).toArray());
      if (n > 0) {
        assertThat(KERNEL.atLeast(row, cut, new int[n - 1 + Kernel.LANES_AT_MOST]))
            .as("no room for the last of seed " + seed)
            .isEqualTo(-1);
      }
    }
  }

  /** Of doubles and of every binary type, to the bit: decisions hang on them. */
  @ParameterizedTest
  @MethodSource("batches")
  void ratiosAreDifferencesFromTheBestOfEveryType(long batch) {
    for (long seed = 12 * batch + 1; seed <= 12 * batch + 12; seed++) {
      for (FloatRow.Type type : FloatRow.Type.values()) {
        FloatRow row = Rows.view(Rows.of(seed), type);
        double[] wide = row.widened();
        double best = java.util.Arrays.stream(wide).max().orElseThrow();
        if (!Double.isFinite(best)) {
          continue;
        }
        double[] expected = java.util.Arrays.stream(wide).map(x -> (x - best) * 0.7).toArray();
        double least = java.util.Arrays.stream(expected).min().orElseThrow();
        var ofFloats = new double[wide.length];
        var ofDoubles = new double[wide.length];
        String what = type + " of seed " + seed;
        assertThat(KERNEL.ratios(row, best, 0.7, ofFloats)).as(what).isEqualTo(least);
        assertThat(KERNEL.ratios(wide, best, 0.7, ofDoubles)).as(what).isEqualTo(least);
        assertThat(ofFloats).as(what).isEqualTo(expected);
        assertThat(ofDoubles).as(what).isEqualTo(expected);
      }
    }
  }

  /** Every size around the tiles; each entry has the bits of one fused sum in order. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 50, 64, 100})
  void productsAreFusedSumsInOrder(int n) {
    var random = new SplittableRandom(n);
    double[][] a = Rows.matrix(n, random);
    double[][] b = Rows.matrix(n, random);
    var found = new double[n][n];
    KERNEL.product(a, b, found);
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum = Math.fma(a[j][k], b[k][i], sum);
        }
        assertThat(found[j][i]).isEqualTo(sum);
      }
    }
  }

  /** The interpreter, C1 and C2 must agree to the last bit: the first call runs cold. */
  @Test
  void theSameRowGivesTheSameBitsColdAndWarm() {
    float[] row = Rows.of(4567);
    double[] wide = Rows.wide(row);
    var sums = new RowSums();
    FloatRow view = Rows.view(row);
    KERNEL.entropy(view, sums);
    long cold = Double.doubleToRawLongBits(sums.entropy());
    KERNEL.scan(wide, 0, wide.length, sums);
    KERNEL.moments(wide, 0, wide.length, 0.7, sums);
    long coldWide = Double.doubleToRawLongBits(sums.entropy());
    for (int i = 0; i < 20_000; i++) {
      KERNEL.entropy(view, sums);
      assertThat(Double.doubleToRawLongBits(sums.entropy())).isEqualTo(cold);
      KERNEL.scan(wide, 0, wide.length, sums);
      KERNEL.moments(wide, 0, wide.length, 0.7, sums);
      assertThat(Double.doubleToRawLongBits(sums.entropy())).isEqualTo(coldWide);
    }
  }

  /** The gate: a warm call allocates nothing, whatever the method and the type of the row. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "entropy F32",
        "entropy F16",
        "entropy BF16",
        "scan float",
        "scan double",
        "moments float",
        "moments double",
        "ratios float",
        "ratios double",
        "at least",
        "product"
      })
  void aWarmCallAllocatesNothing(String method) {
    float[] row = new float[32_003];
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) Math.sin(i) * 9;
    }
    double[] wide = Rows.wide(row);
    var sums = new RowSums();
    FloatRow view = Rows.view(row);
    KERNEL.scan(view, sums);
    int[] reaching = new int[row.length + Kernel.LANES_AT_MOST];
    var out = new double[row.length];
    Runnable call =
        switch (method) {
          case "entropy F32", "entropy F16", "entropy BF16" -> {
            FloatRow typed = Rows.view(row, FloatRow.Type.valueOf(method.substring(8)));
            yield () -> KERNEL.entropy(typed, sums);
          }
          case "scan float" -> () -> KERNEL.scan(view, sums);
          case "scan double" -> () -> KERNEL.scan(wide, 0, wide.length, sums);
          case "product" -> {
            double[][] a = Rows.matrix(70, new SplittableRandom(1));
            var product = new double[70][70];
            yield () -> KERNEL.product(a, a, product);
          }
          case "ratios double" -> () -> KERNEL.ratios(wide, 9, 1, out);
          case "ratios float" -> () -> KERNEL.ratios(view, 9, 1, out);
          case "at least" -> () -> KERNEL.atLeast(wide, 8.9, reaching);
          case "moments float" -> () -> KERNEL.moments(view, 1, sums);
          default -> () -> KERNEL.moments(wide, 0, wide.length, 1, sums);
        };
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 30 && least > 0; round++) {
      for (int i = 0; i < 2_000; i++) {
        call.run();
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 500; i++) {
        call.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).as("bytes allocated by 500 calls of " + method).isZero();
  }
}
