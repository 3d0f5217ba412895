package io.tokentropy.endpoint.input;

import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Lists with a number for each token, which an answer has only for vocabularies of at most so many
 * tokens: {@code max_return}.
 */
public record ListedTokens(int most, String pointer) {
  /** What {@code max_return} is where it is absent. */
  public static final String DEFAULT = "1000";

  public static ListedTokens read(Fields fields) {
    int most = fields.integer("max_return", Integer.parseInt(DEFAULT));
    if (most < 0) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer("max_return"), most, "at least 0");
    }
    return new ListedTokens(most, fields.pointer("max_return"));
  }

  /** Refuses more than an answer may list, from the lengths of all lists. */
  public void requireWithin(InputLimits limits, LongStream lengths) {
    limits.answerEntries().require(pointer, lengths.filter(this::holds).sum());
  }

  private boolean holds(long length) {
    return length <= most;
  }

  /** Puts a list, or says that it is too long. */
  public void put(Answer item, String name, double[] list, int index, List<Warning> warnings) {
    if (holds(list.length)) {
      item.put(name, list);
    } else {
      warnings.add(tooLong(name, list.length, index));
    }
  }

  /** What is said of a list that is left out. */
  private Warning tooLong(String name, int length, int index) {
    return new Warning(
        "not_listed",
        name + " has " + length + " elements; max_return is " + most + " and may be raised",
        index);
  }

  /** Puts a list whose elements have several parts, or says that it is too long. */
  public void put(Answer item, String name, List<?> list, int index, List<Warning> warnings) {
    if (holds(list.size())) {
      item.put(name, list);
    } else {
      warnings.add(tooLong(name, list.size(), index));
    }
  }
}
