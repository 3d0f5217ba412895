package io.tokentropy.truncation;

/** Subtracts the penalty from the logit of each past token, once; 0 changes nothing. */
public record PresencePenalty(double penalty, Past past) implements LogitStep {
  public PresencePenalty {
    Parameter.require(Double.isFinite(penalty), "penalty", penalty, "a finite number");
  }

  @Override
  public boolean isOff() {
    return penalty == 0;
  }

  @Override
  public void change(double[] logits) {
    past.change(logits, (logit, count) -> logit - penalty);
  }
}
