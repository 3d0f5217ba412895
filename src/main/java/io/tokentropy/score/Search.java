package io.tokentropy.score;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds parts of an answer's text, in what of it is not hidden. */
public final class Search {
  /** Stands where text is hidden: no JSON has it, and no text that is looked for should. */
  static final char HIDDEN = '\0';

  private final Utf8Text text;
  private final String shown;

  Search(Utf8Text text, String shown) {
    this.text = text;
    this.shown = shown;
  }

  /**
   * The leaves of the JSON in the answer.
   *
   * @param spans by JSON Pointer, in the order of the text; a string without its quotes, but an
   *     empty one with them
   * @param whole whether the JSON is; else it breaks off, and the leaves are those that are whole
   * @param values how many separate JSON values the text has; the longest counts
   */
  public record Json(List<Span> spans, boolean whole, int values) {
    public Json {
      spans = List.copyOf(spans);
    }
  }

  /** Units of the string that are looked at. */
  public int length() {
    return shown.length();
  }

  /** The n-th place, from 1, where the words stand; places do not overlap. */
  public Optional<Span> words(String name, String words, int n) {
    int start = shown.indexOf(words);
    for (int i = 1; i < n && start >= 0; i++) {
      start = shown.indexOf(words, start + words.length());
    }
    return start < 0 ? Optional.empty() : Optional.of(span(name, start, start + words.length()));
  }

  /** The n-th match of a pattern, from 1, or a group of it. */
  public Optional<Span> match(String name, SafePattern pattern, int n, int group) {
    return pattern.find(shown, n, group).map(place -> span(name, place.start(), place.end()));
  }

  /**
   * The JSON in the text, fenced or with text around it.
   *
   * @param limits is asked whether so many leaves, and characters of their names, may be listed
   * @return null if there is none
   */
  public @Nullable Json json(Limits limits) {
    JsonLeaves.Found found = JsonLeaves.in(shown);
    if (found == null) {
      return null;
    }
    limits.require(found.leaves().size(), found.nameCharacters());
    return new Json(
        found.spans().stream().map(leaf -> span(leaf.name(), leaf.start(), leaf.end())).toList(),
        found.whole(),
        found.values());
  }

  /** Refuses too much. */
  public interface Limits {
    void require(int leaves, long nameCharacters);
  }

  private Span span(String name, int start, int end) {
    return new Span(name, text.ofUnit(start), text.ofUnit(end));
  }
}
