package io.tokentropy.score;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values in the JSON of a text, which may have other text or a fence around it, and may
 * break off. A leaf is a string, number or word; its name is its JSON Pointer (RFC 6901). A string
 * counts without its quotes, but an empty one is them.
 */
final class JsonLeaves {
  private static final int DEEPEST = 64;

  /** Characters that are looked at for each of the text, before the search is given up. */
  private static final int PATIENCE = 16;

  /** What a number is, looked for at one place; every repetition is of one character. */
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");

  private static final String NUMBER_PARTS = "+-.eE0123456789";

  /**
   * One value.
   *
   * @param path the way to it; null if it is all of the JSON
   * @param start a unit of the string, as {@code end}
   */
  private record Leaf(@Nullable Path path, int start, int end) {
    Span named() {
      return new Span(path == null ? "" : path.pointer(), start, end);
    }
  }

  /**
   * The way to a value, from the inside out.
   *
   * @param length characters of its pointer, escapes aside
   */
  private record Path(@Nullable Path outer, String name, long length) {
    static Path of(@Nullable Path outer, String name) {
      return new Path(outer, name, (outer == null ? 0 : outer.length()) + 1 + name.length());
    }

    String pointer() {
      var names = new ArrayList<String>();
      for (Path at = this; at != null; at = at.outer()) {
        names.add(at.name());
      }
      var pointer = new StringBuilder();
      for (String each : names.reversed()) {
        pointer.append('/').append(each.replace("~", "~0").replace("/", "~1"));
      }
      return pointer.toString();
    }
  }

  /** How a value ended. */
  private enum End {
    WHOLE,
    /** The text was over first. */
    TRUNCATED,
    /** Something stands there that JSON does not have. */
    BROKEN,
    /** What is nested deeper is not looked into, here or anywhere. */
    TOO_DEEP
  }

  /**
   * What was found.
   *
   * @param leaves those that are whole
   * @param whole whether the JSON is
   * @param values how many separate JSON values the text has; the longest counts
   */
  record Found(List<Leaf> leaves, boolean whole, int values) {
    /** Characters of all names together. */
    long nameCharacters() {
      return leaves.stream()
          .mapToLong(leaf -> leaf.path() == null ? 0 : leaf.path().length())
          .sum();
    }

    /** The leaves by name, in units of the string. */
    List<Span> spans() {
      return leaves.stream().map(Leaf::named).toList();
    }
  }

  private final String text;
  private int at;
  private long steps;
  private List<Leaf> leaves = new ArrayList<>();

  private JsonLeaves(String text) {
    this.text = text;
  }

  /**
   * Looks for JSON: the longest whole value of the text; else one that breaks off; else a text that
   * is nothing but a string, number or word.
   *
   * @return null if there is none
   */
  static @Nullable Found in(String text) {
    return new JsonLeaves(text).search();
  }

  private @Nullable Found search() {
    List<Leaf> best = null;
    int longest = 0;
    int values = 0;
    List<Leaf> part = null;
    boolean truncated = false;
    long patience = (long) PATIENCE * text.length() + 1024;
    int start = next(0);
    while (start < text.length() && steps < patience) {
      at = start;
      leaves = new ArrayList<>();
      End end = value(null, 0);
      if (end == End.WHOLE) {
        values++;
        if (at - start > longest) {
          longest = at - start;
          best = leaves;
        }
        start = next(at);
        continue;
      }
      int most = part == null ? -1 : part.size();
      if (leaves.size() > most || (leaves.size() == most && end == End.TRUNCATED && !truncated)) {
        part = leaves;
        truncated = end == End.TRUNCATED;
      }
      start = end == End.TOO_DEEP ? text.length() : next(start + 1);
    }
    if (best != null) {
      return new Found(best, true, values);
    }
    if (part != null && (truncated || !part.isEmpty())) {
      return new Found(part, false, 1);
    }
    return scalar();
  }

  /** Where the next object or list may begin. */
  private int next(int from) {
    int brace = text.indexOf('{', from);
    int bracket = text.indexOf('[', from);
    int first = brace < 0 ? bracket : bracket < 0 ? brace : Math.min(brace, bracket);
    return first < 0 ? text.length() : first;
  }

  /** A text that is one string, number or word. */
  private @Nullable Found scalar() {
    at = 0;
    leaves = new ArrayList<>();
    boolean whole = value(null, 0) == End.WHOLE;
    skipSpace();
    return whole && at == text.length() ? new Found(leaves, true, 1) : null;
  }

  private void skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
      steps++;
    }
  }

  /** The next character that is no white space, not consumed; 0 at the end. */
  private char peek() {
    skipSpace();
    return at < text.length() ? text.charAt(at) : 0;
  }

  private End value(@Nullable Path path, int depth) {
    char first = peek();
    if (at == text.length()) {
      return End.TRUNCATED;
    }
    return switch (first) {
      case '{' -> depth < DEEPEST ? object(path, depth + 1) : End.TOO_DEEP;
      case '[' -> depth < DEEPEST ? list(path, depth + 1) : End.TOO_DEEP;
      case '"' -> {
        int start = at;
        End end = string();
        if (end == End.WHOLE) {
          boolean empty = at - start == 2;
          leaves.add(new Leaf(path, empty ? start : start + 1, empty ? at : at - 1));
        }
        yield end;
      }
      case 't' -> word(path, "true");
      case 'f' -> word(path, "false");
      case 'n' -> word(path, "null");
      default -> number(path);
    };
  }

  private End object(@Nullable Path path, int depth) {
    at++;
    if (peek() == '}') {
      at++;
      return End.WHOLE;
    }
    while (true) {
      char quote = peek();
      if (quote != '"') {
        return ended();
      }
      int start = at + 1;
      End name = string();
      if (name != End.WHOLE) {
        return name;
      }
      var inner = Path.of(path, unescaped(text.substring(start, at - 1)));
      if (peek() != ':') {
        return ended();
      }
      at++;
      End value = value(inner, depth);
      if (value != End.WHOLE) {
        return value;
      }
      char after = peek();
      if (after != ',' && after != '}') {
        return ended();
      }
      at++;
      if (after == '}') {
        return End.WHOLE;
      }
    }
  }

  private End list(@Nullable Path path, int depth) {
    at++;
    if (peek() == ']') {
      at++;
      return End.WHOLE;
    }
    for (int i = 0; ; i++) {
      End value = value(Path.of(path, Integer.toString(i)), depth);
      if (value != End.WHOLE) {
        return value;
      }
      char after = peek();
      if (after != ',' && after != ']') {
        return ended();
      }
      at++;
      if (after == ']') {
        return End.WHOLE;
      }
    }
  }

  /** What it means that something else was expected here. */
  private End ended() {
    return at == text.length() ? End.TRUNCATED : End.BROKEN;
  }

  private End string() {
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      steps++;
      if (c == '"') {
        return End.WHOLE;
      }
      if (c < ' ') {
        return End.BROKEN;
      }
      at += c == '\\' ? 1 : 0;
    }
    at = text.length();
    return End.TRUNCATED;
  }

  private End word(@Nullable Path path, String word) {
    if (text.startsWith(word, at)) {
      leaves.add(new Leaf(path, at, at + word.length()));
      at += word.length();
      return End.WHOLE;
    }
    return word.startsWith(text.substring(at, Math.min(text.length(), at + word.length())))
        ? End.TRUNCATED
        : End.BROKEN;
  }

  /** One at the end of an object or list that breaks off could go on. */
  private End number(@Nullable Path path) {
    int start = at;
    Matcher number = NUMBER.matcher(text).region(start, text.length());
    int end = number.lookingAt() ? number.end() : start;
    steps += end - start;
    int rest = end;
    while (rest < text.length() && NUMBER_PARTS.indexOf(text.charAt(rest)) >= 0) {
      rest++;
    }
    if (rest == text.length() && rest > start && path != null) {
      return End.TRUNCATED;
    }
    if (rest > end || end == start) {
      return End.BROKEN;
    }
    at = end;
    leaves.add(new Leaf(path, start, end));
    return End.WHOLE;
  }

  /** A field name without its escapes; one that no character has stays as it is written. */
  private static String unescaped(String name) {
    if (name.indexOf('\\') < 0) {
      return name;
    }
    var plain = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '\\' || i + 1 == name.length()) {
        plain.append(c);
        continue;
      }
      char escaped = name.charAt(++i);
      int simple = "bfnrt".indexOf(escaped);
      if (escaped == 'u' && isHex(name, i + 1)) {
        plain.append((char) Integer.parseInt(name.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        plain.append(simple < 0 ? escaped : "\b\f\n\r\t".charAt(simple));
      }
    }
    return plain.toString();
  }

  private static boolean isHex(String name, int from) {
    return name.length() >= from + 4
        && name.substring(from, from + 4).chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }
}
