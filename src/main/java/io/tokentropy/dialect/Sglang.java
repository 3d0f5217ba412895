package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Triples of log-probability, id and text, in {@code meta_info}. */
final class Sglang implements DialectReader {
  private static final Candidate NOTHING = new Candidate(null, null, Double.NaN);

  /** What was sent so far of each answer, by the id of its request. */
  private final Map<String, Sent> sent = new HashMap<>();

  /**
   * What was sent of one answer.
   *
   * @param choice which of the answers it is
   * @param tokens its tokens so far; grows
   */
  private record Sent(int choice, List<Candidate> tokens) {}

  @Override
  public Sign sign(Map<String, Value> fields) {
    return fields.containsKey("meta_info") ? Sign.OWN : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    Value meta = Loose.child(chunk, "meta_info");
    Value own = Loose.child(meta, "output_token_logprobs");
    if (own == null) {
      return;
    }
    draft.sawLogprobs();
    List<Candidate> list = triples(own);
    List<Value> tops = tops(meta, "output_top_logprobs", own, list.size());
    Value id = Loose.child(meta, "id");
    Sent answer =
        sent.computeIfAbsent(
            id == null ? "" : id.asText(), name -> new Sent(sent.size(), new ArrayList<>()));
    List<Candidate> before = answer.tokens();
    if (before.isEmpty()) {
      prompt(answer.choice(), meta, draft);
    }
    Value total = Loose.child(meta, "completion_tokens");
    int from = repeats(list, before, total) ? before.size() : 0;
    for (int i = from; i < list.size(); i++) {
      add(Slot.of(answer.choice()), own.asList().get(i), at(tops, i), draft);
    }
    before.addAll(list.subList(from, list.size()));
    boolean stream = before.size() > list.size() || from > 0;
    draft.coverage().counted(answer.choice(), stream ? Loose.count(total) : -1);
  }

  private static void prompt(int choice, @Nullable Value meta, Draft draft) {
    Value given = Loose.child(meta, "input_token_logprobs");
    if (given == null) {
      return;
    }
    List<Candidate> list = triples(given);
    List<Value> tops = tops(meta, "input_top_logprobs", given, list.size());
    for (int i = 0; i < list.size(); i++) {
      Slot slot = Slot.ofPrompt(choice);
      if (i == 0 && !list.getFirst().isSaid()) {
        draft.addUnscored(slot, list.getFirst(), "", "");
      } else {
        add(slot, given.asList().get(i), at(tops, i), draft);
      }
    }
  }

  private static List<Value> tops(@Nullable Value meta, String name, Value own, int size) {
    List<Value> tops = Loose.items(Loose.child(meta, name));
    if (!tops.isEmpty() && tops.size() != size) {
      throw new InvalidInput.ShapeMismatch(
          own.pointer(), "found " + size + " tokens and " + tops.size() + " lists of alternatives");
    }
    return tops;
  }

  private static @Nullable Value at(List<Value> tops, int index) {
    Value top = tops.isEmpty() ? null : tops.get(index);
    return top == null || top.isNull() ? null : top;
  }

  private static void add(Slot slot, Value token, @Nullable Value top, Draft draft) {
    draft.add(
        slot,
        () ->
            new Position(
                triple(token, Double.NaN),
                Loose.items(top).stream()
                    .map(value -> triple(value, Double.NEGATIVE_INFINITY))
                    .toList(),
                (top == null ? token : top).pointer()));
  }

  /**
   * Whether a chunk repeats all that came before it, as SGLang's do unless it was started with
   * incremental output.
   */
  private static boolean repeats(
      List<Candidate> list, List<Candidate> before, @Nullable Value total) {
    boolean adds = total != null && total.asInt() == before.size() + list.size();
    return !adds && list.size() >= before.size() && list.subList(0, before.size()).equals(before);
  }

  /** The tokens of a list, to be compared; what is none is nothing yet. */
  private static List<Candidate> triples(Value list) {
    var triples = new ArrayList<Candidate>();
    for (Value value : list.asList()) {
      triples.add(tolerant(value));
    }
    return triples;
  }

  private static Candidate tolerant(Value value) {
    try {
      return triple(value, Double.NaN);
    } catch (InvalidInput e) {
      return NOTHING;
    }
  }

  /**
   * Reads a triple.
   *
   * @param absent for a log-probability that is null: of the text there is none, of an alternative
   *     it is −∞
   */
  private static Candidate triple(Value value, double absent) {
    List<Value> parts = value.asList();
    if (parts.size() < 2) {
      throw value.wrongType("[logprob, id, text]");
    }
    Value lnProb = parts.getFirst();
    return new Candidate(
        parts.size() > 2 && !parts.get(2).isNull() ? parts.get(2).asText() : null,
        Candidate.id(parts.get(1)),
        lnProb.isNull() ? absent : Candidate.lnProb(lnProb));
  }
}
