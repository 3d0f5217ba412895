package io.tokentropy.gateway;

import io.tokentropy.gateway.Ended.Paid;
import io.tokentropy.gateway.Ended.Stretch;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.switching.Model;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who wrote what of an answer, and what that took. */
final class Log {
  private final List<Stretch> stretches = new ArrayList<>();
  private final Map<Model, Paid> paid = new EnumMap<>(Model.class);
  private int tokens;
  private int cut;
  private long called;
  private double firstTokenMillis;

  /** A call is about to be sent. */
  void calls(Model model) {
    paid.merge(model, Paid.NOTHING.request(), (before, one) -> before.request());
    called = System.nanoTime();
  }

  /** It brought its first step, after so many milliseconds. */
  double first() {
    firstTokenMillis = (System.nanoTime() - called) / 1e6;
    return firstTokenMillis;
  }

  /**
   * It is over.
   *
   * @param unused tokens that it brought and that were not read
   */
  void paid(Model model, Stint.Usage usage, int unused) {
    paid.merge(model, Paid.NOTHING, (before, nothing) -> before.plus(usage));
    cut += unused;
  }

  /** Tokens were kept; those of one model in a row are one stretch, whatever calls brought them. */
  void kept(Model model, int more) {
    Stretch last = last(model);
    stretches.add(
        last == null
            ? new Stretch(model, tokens, more, "", firstTokenMillis)
            : new Stretch(model, last.start(), last.tokens() + more, "", last.firstTokenMillis()));
    tokens += more;
  }

  /** Why the stretch of a model ended, if there is one. */
  void ends(Model model, String reason) {
    Stretch last = last(model);
    if (last != null) {
      stretches.add(
          new Stretch(model, last.start(), last.tokens(), reason, last.firstTokenMillis()));
    }
  }

  /** The last stretch, taken from the list, if it is that model's. */
  private @Nullable Stretch last(Model model) {
    boolean own = !stretches.isEmpty() && stretches.getLast().model() == model;
    return own ? stretches.removeLast() : null;
  }

  List<Stretch> stretches() {
    return List.copyOf(stretches);
  }

  Map<Model, Paid> paid() {
    return Map.copyOf(paid);
  }

  int tokens() {
    return tokens;
  }

  int cut() {
    return cut;
  }
}
