package io.tokentropy.endpoint.truncation;

import io.tokentropy.json.Fields;
import io.tokentropy.truncation.Truncation;
import java.nio.ByteBuffer;
import java.util.Locale;

/** How a packed answer holds the tokens that are kept. */
public enum TokenFormat {
  /** A u32 each, in the order of {@code kept_ids}. */
  IDS,
  /** A bit for each token of the vocabulary: bit i of byte j is token 8 j + i. */
  BITMASK;

  private String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@code format}, ids where it is absent. */
  public static TokenFormat read(Fields fields) {
    return fields.word("format", IDS, TokenFormat::wire);
  }

  /** How many bytes the tokens take. */
  public int bytes(Truncation kept) {
    return switch (this) {
      case IDS -> Integer.BYTES * kept.keptCount();
      case BITMASK -> (kept.vocabSize() + 7) / 8;
    };
  }

  /** How many tokens are listed one by one. */
  long listed(Truncation kept) {
    return switch (this) {
      case IDS -> kept.keptCount();
      case BITMASK -> 0;
    };
  }

  /** Writes the tokens. */
  public void put(Truncation kept, ByteBuffer bytes) {
    switch (this) {
      case IDS -> {
        for (int rank = 0; rank < kept.keptCount(); rank++) {
          bytes.putInt(kept.keptId(rank));
        }
      }
      case BITMASK -> bytes.put(kept.bitmask());
    }
  }
}
