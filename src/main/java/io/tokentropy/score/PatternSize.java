package io.tokentropy.score;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how many steps the program of a pattern has, before it is made: a character is one, and a
 * repetition multiplies what it repeats. It need not understand more of the syntax than that.
 */
final class PatternSize {
  /** Beyond this it is not counted. */
  private static final long MOST = 1L << 40;

  private final String pattern;
  private int at;

  private PatternSize(String pattern) {
    this.pattern = pattern;
  }

  static long of(String pattern) {
    return new PatternSize(pattern).count();
  }

  private long count() {
    Deque<Long> outer = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      switch (c) {
        case '(' -> {
          outer.push(sum + last);
          sum = 2;
          last = 0;
        }
        case ')' -> {
          last += sum;
          sum = outer.isEmpty() ? 0 : outer.pop();
        }
        case '{' -> {
          last = Math.min(MOST, Math.max(1, last) * repetitions());
        }
        case '*', '+', '?' -> last++;
        default -> {
          if (c == '\\' || c == '[') {
            skip(c);
          }
          sum = Math.min(MOST, sum + last);
          last = 1;
        }
      }
    }
    while (!outer.isEmpty()) {
      sum = Math.min(MOST, sum + outer.pop());
    }
    return Math.min(MOST, sum + last);
  }

  /** By how much a repetition that begins there multiplies; 1 if it is none. */
  private long repetitions() {
    int end = pattern.indexOf('}', at);
    long most = 1;
    for (String number : end < 0 ? new String[0] : pattern.substring(at, end).split(",", 3)) {
      boolean plain =
          !number.isEmpty() && number.length() <= 4 && number.chars().allMatch(Character::isDigit);
      most = plain ? Math.max(most, Long.parseLong(number)) : most;
    }
    boolean range = end >= 0 && pattern.substring(at, end).indexOf(',') >= 0;
    return range ? 2 * most : most;
  }

  /** Goes over an escape or a class of characters. */
  private void skip(char opening) {
    if (opening == '\\') {
      boolean quoted = pattern.startsWith("Q", at);
      int end = quoted ? pattern.indexOf("\\E", at) : at + 1;
      at = end < 0 ? pattern.length() : quoted ? end + 2 : Math.min(pattern.length(), end);
      return;
    }
    at += pattern.startsWith("^", at) ? 1 : 0;
    at += pattern.startsWith("]", at) ? 1 : 0;
    while (at < pattern.length() && pattern.charAt(at) != ']') {
      at += pattern.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(pattern.length(), at + 1);
  }
}
