package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Step;
import io.tokentropy.switching.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Holds back steps whose text may turn out to belong to a stop string: a client cannot give text
 * back.
 */
final class Holdback {
  private record Held(Step step, Model writer) {
    int length() {
      return step.bytes().length;
    }
  }

  private final Deque<Held> held = new ArrayDeque<>();
  private final Utf8 text = new Utf8();

  /** Of all that are held, in bytes. */
  private int bytes;

  /**
   * One more step.
   *
   * @param found how far the stop strings have come with it
   * @return the steps that are final now, in order
   */
  List<Piece> add(Step step, Model writer, StopStrings.Found found) {
    Held last = new Held(step, writer);
    held.add(last);
    if (found.isComplete()) {
      return before(bytes + found.end() - found.length());
    }
    bytes += last.length();
    var free = new ArrayList<Piece>();
    int safe = bytes - found.open();
    int end = 0;
    while (!held.isEmpty() && end + held.getFirst().length() <= safe) {
      Held first = held.removeFirst();
      end += first.length();
      free.add(shown(first, first.length()));
    }
    bytes -= end;
    return free;
  }

  /** All that is held, of which only the text before a stop string is shown. */
  private List<Piece> before(int stop) {
    var all = new ArrayList<Piece>();
    int start = 0;
    while (!held.isEmpty()) {
      Held first = held.removeFirst();
      int length = Math.clamp(stop - (long) start, 0, first.length());
      boolean shown = length > 0 || start + first.length() <= stop;
      all.add(shown ? shown(first, length) : new Piece(first.step(), first.writer(), "", false));
      start += first.length();
    }
    bytes = 0;
    return all;
  }

  private Piece shown(Held one, int length) {
    return new Piece(one.step(), one.writer(), text.add(one.step().bytes(), length), true);
  }

  /** The steps that are left at the end of the answer: nothing follows that could stop it. */
  List<Piece> end() {
    return before(bytes);
  }

  /** The text that is left after them: a character that never became complete. */
  String tail() {
    return text.end();
  }
}
