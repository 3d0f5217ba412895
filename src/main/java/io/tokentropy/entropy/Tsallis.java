package io.tokentropy.entropy;

import io.tokentropy.distribution.Row;
import io.tokentropy.refusal.InvalidInput;

/**
 * Tsallis entropy (1 − Σ p^q) / (q − 1); order 1 is Shannon's entropy with the natural logarithm,
 * order 2 the Gini impurity. It has no unit, so that the unit of the answer does not change it.
 *
 * @param order q, finite, at least 0
 * @see <a href="https://doi.org/10.1007/BF01016429">C. Tsallis, 1988</a>
 */
public record Tsallis(double order) implements Measure {
  static final String NAME = "tsallis";

  public Tsallis {
    if (!(order >= 0 && order < Double.POSITIVE_INFINITY)) {
      throw new InvalidInput.ParameterOutOfRange("/order", order, "a finite number, at least 0");
    }
  }

  @Override
  public String wire() {
    return NAME;
  }

  @Override
  public MeasureValue of(Row row) {
    return order == 1
        ? Known.entropy(row, Dimension.PURE)
        : Known.of(row, Dimension.PURE, spectrum -> spectrum.tsallis(order));
  }
}
