package io.tokentropy.truncation;

/**
 * Divides the positive logits of past tokens by the penalty and multiplies the others by it,
 * however often a token stands there; 1 changes nothing.
 *
 * @see <a href="https://arxiv.org/abs/1909.05858">CTRL</a>
 */
public record RepetitionPenalty(double penalty, Past past) implements LogitStep {
  public RepetitionPenalty {
    Parameter.require(
        penalty > 0 && Double.isFinite(penalty), "penalty", penalty, "a finite number above 0");
  }

  @Override
  public boolean isOff() {
    return penalty == 1;
  }

  @Override
  public void change(double[] logits) {
    past.change(logits, (logit, count) -> logit > 0 ? logit / penalty : logit * penalty);
  }
}
