package io.tokentropy.dialect;

/** Which part of a text a token belongs to. */
public enum Part {
  /** It was given to the model. */
  PROMPT,
  /** The model wrote it. */
  COMPLETION
}
