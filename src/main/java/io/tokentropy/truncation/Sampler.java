package io.tokentropy.truncation;

import io.tokentropy.truncation.Truncation.Step;

/**
 * One step of a chain: it leaves out tokens, or reshapes their distribution. Ties go by
 * probability, then by token id; at least one token is always kept, and none with probability 0.
 * What needs memory or a coin takes it as a parameter and says what to remember: nothing random
 * happens here.
 */
public sealed interface Sampler
    permits TopH,
        Temperature,
        TopK,
        TopP,
        MinP,
        TypicalP,
        EpsilonCutoff,
        EtaCutoff,
        TopNSigma,
        TopA,
        TailFree,
        Xtc,
        PLess,
        MinK,
        MirostatV1,
        MirostatV2,
        DynamicTemperature,
        Quadratic,
        AdaptiveP {

  /** The name on the wire. */
  String wire();

  /** What the step leaves of a pool. */
  Step step(Pool pool);
}
