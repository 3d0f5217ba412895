package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import java.util.List;

/** Every sampler that a call can name. */
final class SamplerForms {
  /**
   * In the order of {@code /v1/methods}, which is Hugging Face's for those with a field of their
   * own: they are applied in it.
   */
  static final List<SamplerForm<?, ?>> ALL =
      List.of(
          new LogitBiasForm(),
          new RepetitionPenaltyForm(),
          new FrequencyPenaltyForm(),
          new PresencePenaltyForm(),
          new DryForm(),
          new TemperatureForm(),
          new TopHForm(),
          new TopKForm(),
          new TopPForm(),
          new MinPForm(),
          new TypicalPForm(),
          new EpsilonCutoffForm(),
          new EtaCutoffForm(),
          new TopNSigmaForm(),
          new TopAForm(),
          new TailFreeForm(),
          new XtcForm(),
          new PLessForm(),
          new MinKForm(),
          new MirostatV1Form(),
          new MirostatV2Form(),
          new DynamicTemperatureForm(),
          new QuadraticForm(),
          new AdaptivePForm());

  static final List<String> NAMES = ALL.stream().<String>map(SamplerForm::name).toList();

  private SamplerForms() {}

  /** The form of a name that there is. */
  static SamplerForm<?, ?> named(String name) {
    return ALL.get(NAMES.indexOf(name));
  }

  /** What {@code /v1/methods} says of them. */
  static List<Method> methods() {
    return ALL.stream()
        .<Method>map(
            form -> form.method().parameter(ChainReader.LEAST, "integer", "at least 1", "1"))
        .toList();
  }
}
