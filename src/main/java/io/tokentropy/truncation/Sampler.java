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
        AdaptiveP,
        LogitStep,
        AtLeast {

  /** What the step leaves of a pool. */
  Step step(Pool pool);

  /** The rule itself, without what is added to every step. */
  default Sampler bare() {
    return this;
  }

  /** Whether the parameters are those by which servers say "off": the step leaves all as it is. */
  default boolean isOff() {
    return false;
  }

  /** What a step has to say beside the tokens that it keeps. */
  sealed interface Report
      permits Nothing,
          Threshold,
          TopH.Report,
          TopNSigma.Report,
          Xtc.Report,
          MinK.Report,
          MirostatV1.Report,
          MirostatV2.Report,
          DynamicTemperature.Report,
          AdaptiveP.Report {}

  /** The tokens say it all. */
  record Nothing() implements Report {}
}
