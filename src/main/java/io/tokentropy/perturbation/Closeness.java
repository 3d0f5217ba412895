package io.tokentropy.perturbation;

import java.util.List;

/** How close texts are to the original. */
@FunctionalInterface
public interface Closeness {
  /** One number a text, finite and at least 0; 1 for the original itself. */
  double[] of(List<String> texts);
}
