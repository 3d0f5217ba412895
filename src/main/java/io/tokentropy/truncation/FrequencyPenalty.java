package io.tokentropy.truncation;

/**
 * Subtracts the penalty from the logit of each past token, as often as it stands there; 0 is off.
 */
public record FrequencyPenalty(double penalty, Past past) implements LogitStep {
  public FrequencyPenalty {
    Parameter.require(Double.isFinite(penalty), "penalty", penalty, "a finite number");
  }

  @Override
  public boolean isOff() {
    return penalty == 0;
  }

  @Override
  public void change(double[] logits) {
    past.change(logits, (logit, count) -> logit - penalty * count);
  }
}
