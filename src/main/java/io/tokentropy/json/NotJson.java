package io.tokentropy.json;

import io.tokentropy.refusal.InvalidInput;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * Says why a body is not JSON. What people bring from Python, JavaScript and configuration files is
 * looked for in the bytes themselves and named as such; anything else is said as the library says
 * it.
 */
final class NotJson {
  /** What the library says of itself, after what it says of the body. */
  private static final Pattern ASIDE = Pattern.compile("(?s)(\n| \\(start marker).*");

  private final byte[] body;
  private final int end;

  private NotJson(byte[] body, int end) {
    this.body = body;
    this.end = end;
  }

  /** The refusal of a body in [0, length), which the library could not read. */
  static InvalidInput refusal(JacksonException e, byte[] body, int length) {
    TokenStreamLocation stop = e.getLocation();
    long offset = stop == null ? -1 : stop.getByteOffset();
    int end = offset < 0 ? length : (int) Math.min(length, offset + 1);
    InvalidInput known = new NotJson(body, end).habit(length);
    if (known != null) {
      return known;
    }
    String message = e.getOriginalMessage();
    String where = stop == null ? "" : place(stop.getLineNr(), stop.getColumnNr());
    return new InvalidInput.MalformedJson(
        "",
        "not JSON"
            + where
            + ": "
            + ASIDE.matcher(message).replaceFirst("").replaceAll("\\p{Cntrl}", "?"));
  }

  /**
   * The first thing outside strings, up to where the library stopped, that other languages have and
   * JSON does not; null if there is none.
   */
  private @Nullable InvalidInput habit(int length) {
    boolean text = false;
    for (int i = 0; i < end; i++) {
      byte b = body[i];
      if (text) {
        i += b == '\\' ? 1 : 0;
        text = b != '"';
        continue;
      }
      text = b == '"';
      int next = i + 1 < length ? body[i + 1] : 0;
      switch (b) {
        case '\'' -> {
          return found(i, "a single quote", "JSON writes strings and names in double quotes: \"");
        }
        case '/', '#' -> {
          if (b == '#' || next == '/' || next == '*') {
            return found(i, "a comment", "JSON has no comments; leave it out");
          }
        }
        case ',' -> {
          int after = afterSpace(i + 1, length);
          if (after < length && (body[after] == ']' || body[after] == '}')) {
            return found(
                i,
                "a trailing comma before " + (char) body[after],
                "JSON has commas between values only; leave it out");
          }
        }
        case 'N', 'T', 'F' -> {
          for (Word word : Word.values()) {
            if (stands(word.name, i, length)) {
              return found(i, word.name, "JSON writes " + word.json);
            }
          }
        }
        default -> {
          // Most bytes are as JSON has them.
        }
      }
    }
    return null;
  }

  /** Python's words. */
  private enum Word {
    NONE("None", "null"),
    TRUE("True", "true"),
    FALSE("False", "false");

    private final String name;
    private final String json;

    Word(String name, String json) {
      this.name = name;
      this.json = json;
    }
  }

  private boolean stands(String word, int at, int length) {
    if (at + word.length() > length) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (body[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int afterSpace(int from, int length) {
    int at = from;
    while (at < length && body[at] <= ' ' && body[at] >= 0) {
      at++;
    }
    return at;
  }

  private InvalidInput found(int at, String what, String hint) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      boolean newline = body[i] == '\n';
      line += newline ? 1 : 0;
      column = newline ? 1 : column + 1;
    }
    return new InvalidInput.MalformedJson("", "not JSON" + place(line, column) + ": found " + what)
        .withHint(hint + ".");
  }

  private static String place(int line, int column) {
    return " at line " + line + ", column " + column;
  }
}
