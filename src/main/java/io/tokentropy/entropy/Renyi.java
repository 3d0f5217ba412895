package io.tokentropy.entropy;

import io.tokentropy.distribution.Row;
import io.tokentropy.refusal.InvalidInput;
import java.util.LinkedHashMap;

/**
 * Rényi entropy H_a = ln(Σ pᵃ) / (1 − a) and divergence from uniform, ln V − H_a, in nats. Order 0
 * counts the tokens with a probability above 0, order 1 is Shannon's entropy, order ∞ is −ln p₁.
 * The entropy falls as the order grows.
 *
 * <p>The value has the fields {@code order} (a number or {@code inf}), {@code entropy}, and with V
 * {@code divergence}.
 *
 * @param order a, in [0, ∞]
 * @see "A. Rényi, On measures of entropy and information, 1961"
 */
public record Renyi(double order) implements Measure {
  static final String NAME = "renyi";

  public Renyi {
    if (!(order >= 0)) {
      throw new InvalidInput.ParameterOutOfRange("/order", order, "at least 0, or \"inf\"");
    }
  }

  @Override
  public String wire() {
    return NAME;
  }

  @Override
  public MeasureValue of(Row row) {
    var fields = new LinkedHashMap<String, MeasureValue>();
    fields.put(
        "order",
        order == Double.POSITIVE_INFINITY
            ? new MeasureValue.Word("inf")
            : new MeasureValue.Exact(order, Dimension.PURE));
    fields.put("entropy", entropy(row));
    fields.put("divergence", divergence(row));
    return new MeasureValue.Fields(fields);
  }

  private MeasureValue entropy(Row row) {
    return order == 1
        ? Known.entropy(row, Dimension.NATS)
        : Known.of(row, Dimension.NATS, spectrum -> spectrum.renyi(order));
  }

  private MeasureValue divergence(Row row) {
    if (row.vocabSize().isEmpty()) {
      return Known.NO_VOCAB_SIZE;
    }
    if (order == 1) {
      return BasicMeasure.KL_FROM_UNIFORM.of(row);
    }
    double most = Math.log(row.vocabSize().getAsInt());
    return Known.of(row, Dimension.NATS, spectrum -> Math.max(0, most - spectrum.renyi(order)));
  }
}
