package io.tokentropy.entropy;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.PartialDistribution.Entry;
import io.tokentropy.distribution.Row;
import io.tokentropy.refusal.InvalidInput;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Token ids that somebody asks about. */
final class TokenIds {
  /** The answer where the ids cannot be found in a list. */
  static final MeasureValue NO_IDS =
      new MeasureValue.Unavailable("not every token of the list has an id");

  private TokenIds() {}

  static void require(List<Integer> ids) {
    if (ids.isEmpty()) {
      throw new InvalidInput.MissingInput("/ids", "found no id, expected at least one");
    }
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i) < 0) {
        throw new InvalidInput.ParameterOutOfRange(
            "/ids/" + i, ids.get(i), "a token id, at least 0");
      }
    }
  }

  static void requireInVocabulary(List<Integer> ids, Row row) {
    int size = row.vocabSize().orElse(Integer.MAX_VALUE);
    for (int i = 0; i < ids.size(); i++) {
      if (ids.get(i) >= size) {
        throw new InvalidInput.ParameterOutOfRange(
            "/ids/" + i, ids.get(i), "a token id below the size of the vocabulary, " + size);
      }
    }
  }

  static boolean allNamed(PartialDistribution row) {
    return row.best().stream().map(Entry::id).allMatch(Objects::nonNull);
  }

  /** From id to position in {@link PartialDistribution#best}. */
  static Map<Integer, Integer> positions(PartialDistribution row) {
    var positions = new HashMap<Integer, Integer>();
    for (int i = 0; i < row.best().size(); i++) {
      Integer id = row.best().get(i).id();
      if (id != null) {
        positions.put(id, i);
      }
    }
    return positions;
  }

  /** Whether the sampled token, outside the list, is known to be this one. */
  static boolean isSampled(PartialDistribution row, int id) {
    Entry sampled = row.sampled();
    return sampled != null && Objects.equals(sampled.id(), id);
  }
}
