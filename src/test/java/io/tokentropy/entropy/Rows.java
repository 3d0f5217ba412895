package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Rows for tests. */
final class Rows {
  static final OptionalInt UNKNOWN = OptionalInt.empty();

  private Rows() {}

  static Distribution logits(double... logits) {
    return Distribution.ofLogits(logits.clone(), 1);
  }

  static Distribution probs(double... probs) {
    return Distribution.ofProbs(probs.clone(), 1);
  }

  /** A list of unnamed tokens. */
  static PartialDistribution list(OptionalInt vocabSize, double... probs) {
    return of(
        Arrays.stream(probs).mapToObj(p -> new Entry(Math.log(p))).toList(),
        OptionalDouble.empty(),
        vocabSize);
  }

  /** A list of tokens with the ids 10, 11, 12 ... */
  static PartialDistribution named(OptionalInt vocabSize, double... probs) {
    return of(
        IntStream.range(0, probs.length)
            .mapToObj(i -> new Entry(Math.log(probs[i]), 10 + i, "t" + i))
            .toList(),
        OptionalDouble.empty(),
        vocabSize);
  }

  static PartialDistribution of(
      List<Entry> entries, OptionalDouble sampled, OptionalInt vocabSize) {
    return PartialDistribution.of(entries, sampled, false, vocabSize);
  }

  static OptionalInt v(int vocabSize) {
    return OptionalInt.of(vocabSize);
  }
}
