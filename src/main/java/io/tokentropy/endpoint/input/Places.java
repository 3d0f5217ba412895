package io.tokentropy.endpoint.input;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.function.Supplier;

/** Whatever is wrong with a row is wrong at the place where the row stands. */
final class Places {
  private Places() {}

  static <R> R at(Value place, Supplier<R> row) {
    try {
      return row.get();
    } catch (InvalidInput e) {
      throw e.pointer().equals("/temperature") ? e : e.under(place.pointer());
    }
  }
}
