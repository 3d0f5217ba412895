package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/**
 * A step that leaves at least so many tokens, whatever its rule says: the best ones beside those
 * that the rule keeps; of {@link TypicalP} the nearest to H, and {@link Xtc} does nothing where too
 * few would stay. What the step reports is what the rule found.
 *
 * @param tokens at least 1; of a row that has fewer all are kept
 */
public record AtLeast(Sampler rule, int tokens) implements Sampler {
  public AtLeast {
    Parameter.require(tokens >= 1, "min_tokens_to_keep", tokens, "at least 1");
  }

  @Override
  public Sampler bare() {
    return rule;
  }

  @Override
  public boolean isOff() {
    return rule.isOff();
  }

  @Override
  public Step step(Pool pool) {
    Pool guarded = pool.keepingAtLeast(tokens);
    Step step = rule.step(guarded);
    return step.kept() == guarded ? new Step(pool, step.reshapes(), step.report()) : step;
  }
}
