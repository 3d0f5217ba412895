package io.tokentropy.entropy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.refusal.InvalidInput;
import java.util.LinkedHashMap;

/**
 * LogTokU: the k greatest logits, negative ones as 0, taken as the parameters α of a Dirichlet
 * distribution with sum α₀. Aleatoric uncertainty −Σ (α/α₀)(ψ(α + 1) − ψ(α₀ + 1)), in nats;
 * epistemic uncertainty k / (α₀ + k), in (0, 1]; reliability, minus their product. The evidence
 * lies in the logits' own offset: log-probabilities have lost it.
 *
 * <p>The value has the fields {@code aleatoric}, {@code epistemic} and {@code reliability}; without
 * a positive logit only the second.
 *
 * @param k at least 1, at most V
 * @see <a href="https://arxiv.org/abs/2502.00290">Estimating LLM Uncertainty with Logits</a>
 */
public record LogTokU(int k) implements Measure {
  static final String NAME = "logtoku";

  public LogTokU {
    if (k < 1) {
      throw new InvalidInput.ParameterOutOfRange("/k", k, "at least 1");
    }
  }

  @Override
  public String wire() {
    return NAME;
  }

  /**
   * The three uncertainties of a row of logits.
   *
   * @throws InvalidInput.ConflictingInputs if the row was not sent as logits
   */
  @Override
  public MeasureValue of(Row row) {
    if (!(row instanceof Distribution full && full.isFromLogits())) {
      throw new InvalidInput.ConflictingInputs(
          "", "logtoku needs `logits`: their offset is lost in probabilities");
    }
    if (k > full.size()) {
      throw new InvalidInput.ParameterOutOfRange(
          "/k", k, "at most the number of tokens, " + full.size());
    }
    double[] alpha = Greatest.of(full.size(), id -> Math.max(0, full.score(id)), k);
    double total = 0;
    for (double each : alpha) {
      total += each;
    }
    double mean = 0;
    for (double each : alpha) {
      mean += each / total * (Digamma.of(each + 1) - Digamma.of(total + 1));
    }
    double epistemic = k / (total + k);
    var fields = new LinkedHashMap<String, MeasureValue>();
    fields.put("aleatoric", MeasureValue.exactly(0 - mean, Dimension.NATS));
    fields.put("epistemic", MeasureValue.exactly(epistemic, Dimension.PURE));
    fields.put("reliability", MeasureValue.exactly(mean * epistemic, Dimension.NATS));
    return new MeasureValue.Fields(fields);
  }
}
