package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Texts, log-probabilities and alternatives in lists beside each other. The alternatives of a token
 * are a map, in which equal texts fall together, or pairs of id and log-probability (mlx-lm). The
 * first token of an echoed prompt has no log-probability. text-generation-webui gives the
 * alternatives alone.
 */
final class ParallelLists {
  private ParallelLists() {}

  /** Whether there was a place for log-probabilities. */
  static boolean read(Value logprobs, Slot slot, Echo echo, Draft draft) {
    Value names = Loose.child(logprobs, "tokens");
    Value values = Loose.child(logprobs, "token_logprobs");
    Value lists = Loose.child(logprobs, "top_logprobs");
    if (names == null && values == null && lists == null) {
      return false;
    }
    List<Value> texts = Loose.items(names);
    List<Value> own = Loose.items(values);
    List<Value> tops = Loose.items(lists);
    List<Value> ids = Loose.list(Loose.child(logprobs, "token_ids"));
    int size = Math.max(own.size(), texts.isEmpty() && own.isEmpty() ? tops.size() : texts.size());
    if (!fits(own, size, own.isEmpty() && texts.isEmpty())
        || !fits(texts, size, true)
        || !fits(tops, size, true)) {
      throw new InvalidInput.ShapeMismatch(
          logprobs.pointer(),
          "found "
              + texts.size()
              + " tokens, "
              + own.size()
              + " token_logprobs and "
              + tops.size()
              + " top_logprobs");
    }
    boolean echoed = !own.isEmpty() && own.getFirst().isNull();
    int prompt = echoed ? echo.prompt(size) : 0;
    if (prompt < 0) {
      draft.noteWhole(
          "prompt_end_unknown",
          "the text begins with its prompt, and where that ends is not said: all tokens count as"
              + " written");
    }
    int most = tops.stream().mapToInt(ParallelLists::size).max().orElse(0);
    boolean numbered = !texts.isEmpty() && texts.getFirst() instanceof Value.Num;
    IntFunction<Candidate> sampled = i -> sampled(at(texts, i), at(own, i), at(ids, i));
    for (int i = 0; i < size; i++) {
      Value top = at(tops, i);
      Slot place = i < prompt || (echoed && i == 0) ? Slot.ofPrompt(slot.choice()) : slot;
      int token = i;
      if (echoed && i == 0) {
        draft.addUnscored(place, sampled.apply(0), "", "");
        continue;
      }
      if (size(top) > 0 && size(top) < most - 1) {
        draft.note(
            "collision",
            "fewer alternatives than elsewhere: tokens of equal text may have fallen together");
      }
      draft.add(
          place,
          () ->
              new Position(
                  texts.isEmpty() && own.isEmpty() ? null : sampled.apply(token),
                  listed(top, numbered),
                  top == null ? logprobs.pointer() : top.pointer()));
    }
    return true;
  }

  private static boolean fits(List<Value> list, int size, boolean optional) {
    return list.size() == size || (optional && list.isEmpty());
  }

  private static @Nullable Value at(List<Value> list, int index) {
    return index < list.size() ? list.get(index) : null;
  }

  private static int size(@Nullable Value top) {
    return top != null && top.isList() ? top.asList().size() : Loose.fields(top).size();
  }

  private static Candidate sampled(
      @Nullable Value text, @Nullable Value lnProb, @Nullable Value id) {
    boolean number = text instanceof Value.Num;
    TokenBytes bytes = text instanceof Value.Text ? EscapedBytes.of(text.asText()) : null;
    return new Candidate(
        text == null || number || text.isNull() ? null : text.asText(),
        Candidate.id(number ? text : id),
        bytes,
        false,
        lnProb == null || lnProb.isNull() ? Double.NaN : Candidate.lnProb(lnProb));
  }

  /**
   * The alternatives of a token.
   *
   * @param numbered whether tokens are named by their ids, in a map as well
   */
  private static List<Candidate> listed(@Nullable Value top, boolean numbered) {
    var listed = new ArrayList<Candidate>();
    if (top != null && top.isList()) {
      top.asList()
          .forEach(entry -> listed.add(entry.isList() ? pair(entry) : Candidate.read(entry)));
      return listed;
    }
    Loose.fields(top)
        .forEach(
            (name, lnProb) -> {
              Integer id = numbered ? EngineMaps.id(name) : null;
              listed.add(new Candidate(id == null ? name : null, id, Candidate.lnProb(lnProb)));
            });
    return listed;
  }

  private static Candidate pair(Value value) {
    List<Value> pair = value.asList();
    if (pair.size() != 2) {
      throw value.wrongType("[id, logprob]");
    }
    return new Candidate(null, Candidate.id(pair.getFirst()), Candidate.lnProb(pair.getLast()));
  }
}
