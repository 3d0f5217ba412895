package io.tokentropy.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the parts of a JSON text stand in its bytes, so that one of them can be changed and all
 * else stays as it was written. The text is one that a {@link Reader} has read: it is known to be
 * JSON.
 */
public final class Outline {
  private static final Reader NAMES = new Reader(new JsonLimits(4, 64, 4096));

  private final byte[] json;
  private int at;

  private Outline(byte[] json, int at) {
    this.json = json;
    this.at = at;
  }

  /**
   * A member of an object, or an item of a list.
   *
   * @param name of the member; empty for an item
   * @param start of its name, or of the item itself
   * @param from where its value begins
   * @param to behind its value
   */
  public record Part(String name, int start, int from, int to) {}

  /** The parts of the object or list that begins there; none of any other value. */
  public static List<Part> of(byte[] json, int from) {
    var outline = new Outline(json, from);
    outline.skipSpace();
    return json[outline.at] == '{' || json[outline.at] == '[' ? outline.parts() : List.of();
  }

  /** The parts of the value of a member; none if there is no such member. */
  public static List<Part> of(byte[] json, List<Part> members, String name) {
    return find(members, name).map(part -> of(json, part.from())).orElse(List.of());
  }

  /** The member of that name. */
  public static Optional<Part> find(List<Part> members, String name) {
    return members.stream().filter(part -> part.name().equals(name)).findFirst();
  }

  private List<Part> parts() {
    boolean object = json[at++] == '{';
    var parts = new ArrayList<Part>();
    for (skipSpace(); json[at] != '}' && json[at] != ']'; skipSpace()) {
      if (json[at] == ',') {
        at++;
        continue;
      }
      int start = at;
      String name = "";
      if (object) {
        skipText();
        name = name(start);
        skipSpace();
        at++;
        skipSpace();
      }
      int from = at;
      skipValue();
      parts.add(new Part(name, start, from, at));
    }
    return parts;
  }

  /** The name that ends here; escapes may spell it, too. */
  private String name(int start) {
    String quoted = new String(json, start, at - start, StandardCharsets.UTF_8);
    if (quoted.indexOf('\\') < 0) {
      return quoted.substring(1, quoted.length() - 1);
    }
    byte[] list = ("[" + quoted + "]").getBytes(StandardCharsets.UTF_8);
    return NAMES.readValue(list, list.length).asList().getFirst().asText();
  }

  private void skipSpace() {
    while (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t') {
      at++;
    }
  }

  private void skipText() {
    at++;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    at++;
  }

  private void skipValue() {
    int depth = 0;
    do {
      switch (json[at]) {
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case '"' -> skipText();
        case ',', ':', ' ', '\n', '\r', '\t' -> at++;
        default -> skipWord();
      }
    } while (depth > 0);
  }

  /** Past a number, or true, false and null. */
  private void skipWord() {
    while (at < json.length && ",]} \n\r\t".indexOf(json[at]) < 0) {
      at++;
    }
  }
}
