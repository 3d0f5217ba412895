package io.tokentropy.endpoint;

import io.tokentropy.json.Answer;
import java.util.List;

/**
 * Something the caller should know although the request was answered.
 *
 * @param index the row it concerns; −1 for the whole request
 */
public record Warning(String code, String message, int index) {
  public static Warning of(String code, String message) {
    return new Warning(code, message, -1);
  }

  /** An entropy a little below 0, which counts as 0. */
  public static Warning noise(double found, int index) {
    return new Warning("float_noise", "an entropy of " + found + " counts as 0", index);
  }

  private Answer toAnswer() {
    Answer answer = new Answer().put("code", code).put("message", message);
    return index < 0 ? answer : answer.put("index", index);
  }

  /** Adds to the {@code warnings} of an answer. */
  public static Answer addAll(List<Warning> warnings, Answer answer) {
    return warnings.isEmpty()
        ? answer
        : answer.add("warnings", warnings.stream().map(Warning::toAnswer).toList());
  }

  /** Puts {@code warnings} into an answer, if there are any. */
  public static Answer putAll(List<Warning> warnings, Answer answer) {
    return warnings.isEmpty()
        ? answer
        : answer.put("warnings", warnings.stream().map(Warning::toAnswer).toList());
  }
}
