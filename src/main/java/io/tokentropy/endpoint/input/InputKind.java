package io.tokentropy.endpoint.input;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The fields in which an input can come: exactly one of them. */
public enum InputKind {
  LOGITS,
  LOGPROBS,
  PROBS,
  TOP_LOGPROBS,
  OPENAI,
  SUMMARY,
  ENTROPIES;

  /** The names of the fields, in the order in which they are explained. */
  public static final List<String> NAMES = Stream.of(values()).map(InputKind::wire).toList();

  /** Those whose rows hold the whole vocabulary. */
  static final List<InputKind> WHOLE = Stream.of(values()).filter(InputKind::isWhole).toList();

  private final String wire = name().toLowerCase(Locale.ROOT);

  public String wire() {
    return wire;
  }

  /** Whether its rows hold the whole vocabulary. */
  boolean isWhole() {
    return switch (this) {
      case LOGITS, LOGPROBS, PROBS -> true;
      case TOP_LOGPROBS, OPENAI, SUMMARY, ENTROPIES -> false;
    };
  }
}
