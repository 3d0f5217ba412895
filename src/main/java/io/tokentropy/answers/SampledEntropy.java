package io.tokentropy.answers;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * Entropy of the answers as whole sequences, estimated from samples: the mean of −ln p. It counts
 * two wordings of one meaning as different.
 *
 * @param entropy nats, at least 0
 * @param lengthNormalized the mean of −ln p / length, nats a token; empty where a length is unknown
 * @param standardError of {@code entropy}, from the spread of the samples; empty for one sample
 * @param meanProbability of an answer, each with the geometric mean over its tokens; empty where a
 *     length is unknown
 * @see <a href="https://arxiv.org/abs/2302.09664">Semantic Uncertainty</a>
 */
public record SampledEntropy(
    double entropy,
    OptionalDouble lengthNormalized,
    OptionalDouble standardError,
    OptionalDouble meanProbability) {

  /** That of at least one answer. */
  public static SampledEntropy of(List<Sequence> answers) {
    int n = answers.size();
    double mean = answers.stream().mapToDouble(answer -> -answer.lnProb()).sum() / n;
    double squares =
        answers.stream()
            .mapToDouble(answer -> (-answer.lnProb() - mean) * (-answer.lnProb() - mean))
            .sum();
    boolean lengths = answers.stream().allMatch(answer -> answer.length().isPresent());
    return new SampledEntropy(
        mean,
        lengths ? mean(answers, lnProb -> -lnProb) : OptionalDouble.empty(),
        n > 1 ? OptionalDouble.of(Math.sqrt(squares / (n - 1) / n)) : OptionalDouble.empty(),
        lengths ? mean(answers, Math::exp) : OptionalDouble.empty());
  }

  private static OptionalDouble mean(List<Sequence> answers, DoubleUnaryOperator of) {
    return answers.stream()
        .mapToDouble(answer -> of.applyAsDouble(answer.meanLnProb().orElseThrow()))
        .average();
  }
}
