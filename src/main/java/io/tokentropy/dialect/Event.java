package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import org.jspecify.annotations.Nullable;

/**
 * One chunk of what a server sends: an event of a stream, or a whole response.
 *
 * @param line where in a text it came; null if it was no text
 */
public record Event(Value chunk, @Nullable Line line) {
  /** A chunk that came as JSON. */
  public Event(Value chunk) {
    this(chunk, null);
  }

  /** The refusal of something in this chunk, with its place in the text. */
  InvalidInput place(InvalidInput refusal) {
    return line == null ? refusal : line.place(refusal);
  }

  /**
   * A line of a text.
   *
   * @param pointer to the text in a request; empty if it is no part of one
   * @param number from 1; of several lines that are one event, the last
   */
  public record Line(String pointer, int number) {
    InvalidInput place(InvalidInput refusal) {
      return refusal.inside(pointer, "line " + number + " of the stream");
    }
  }
}
