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
    List<Value> tops = Loose.items(Loose.child(meta, "output_top_logprobs"));
    if (!tops.isEmpty() && tops.size() != list.size()) {
      throw new InvalidInput.ShapeMismatch(
          own.pointer(),
          "found " + list.size() + " tokens and " + tops.size() + " lists of alternatives");
    }
    Value id = Loose.child(meta, "id");
    Sent answer =
        sent.computeIfAbsent(
            id == null ? "" : id.asText(), name -> new Sent(sent.size(), new ArrayList<>()));
    List<Candidate> before = answer.tokens();
    int from = repeats(list, before, Loose.child(meta, "completion_tokens")) ? before.size() : 0;
    for (int i = from; i < list.size(); i++) {
      Value top = tops.isEmpty() ? null : tops.get(i);
      String pointer = top == null ? own.pointer() + "/" + i : top.pointer();
      draft.add(answer.choice(), new Position(list.get(i), triples(top), pointer));
    }
    before.addAll(list.subList(from, list.size()));
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

  private static List<Candidate> triples(@Nullable Value list) {
    return Loose.items(list).stream().map(Sglang::triple).toList();
  }

  private static Candidate triple(Value value) {
    List<Value> parts = value.asList();
    if (parts.size() < 2) {
      throw value.wrongType("[logprob, id, text]");
    }
    Value text = parts.size() > 2 ? parts.get(2) : null;
    return new Candidate(
        text == null || text.isNull() ? null : text.asText(),
        parts.get(1).asInt(),
        "",
        Candidate.lnProb(parts.get(0)));
  }
}
