package io.tokentropy.endpoint.truncation;

import io.tokentropy.json.Fields;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * Whose order the fields of a call are applied in. Samplers that an engine does not have keep their
 * order among themselves and stand behind its own, but before a temperature that comes last.
 */
enum Order {
  /** That of {@link SamplerForms#ALL}. */
  HF,
  VLLM,
  LLAMACPP;

  static final String FIELD = "order";
  private static final String TEMPERATURE = "temperature";

  /** {@code order}, Hugging Face's where it is absent. */
  static Order read(Fields fields) {
    return fields.word(FIELD, HF, order -> order.name().toLowerCase(Locale.ROOT));
  }

  /** What the engine has, in its order; a temperature that comes last is not among them. */
  private List<String> own() {
    return switch (this) {
      case HF -> List.of();
      case VLLM ->
          List.of(
              "logit_bias",
              "repetition_penalty",
              "frequency_penalty",
              "presence_penalty",
              TEMPERATURE,
              "min_p",
              "top_k",
              "top_p");
      case LLAMACPP ->
          List.of(
              "logit_bias",
              "repetition_penalty",
              "frequency_penalty",
              "presence_penalty",
              "top_n_sigma",
              "top_k",
              "typical_p",
              "top_p",
              "min_p");
    };
  }

  /** All forms in this order. */
  List<SamplerForm<?, ?>> forms() {
    var names = new LinkedHashSet<>(own());
    names.addAll(SamplerForms.NAMES);
    if (this == LLAMACPP) {
      names.remove(TEMPERATURE);
      names.add(TEMPERATURE);
    }
    return names.stream().<SamplerForm<?, ?>>map(SamplerForms::named).toList();
  }
}
