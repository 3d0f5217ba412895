package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Token objects in {@code candidates[].logprobsResult}: the chosen ones in one list, the best of
 * each step in another. SDKs write the names with underscores.
 */
final class Gemini implements DialectReader {
  private static final List<String> RESULT = List.of("logprobsResult", "logprobs_result");
  private static final List<String> CHOSEN = List.of("chosenCandidates", "chosen_candidates");
  private static final List<String> TOP = List.of("topCandidates", "top_candidates");
  private static final List<String> END = List.of("finishReason", "finish_reason");
  private static final List<String> USAGE = List.of("usageMetadata", "usage_metadata");
  private static final List<String> COUNT =
      List.of("candidatesTokenCount", "candidates_token_count");

  @Override
  public Sign sign(Map<String, Value> fields) {
    boolean list = fields.containsKey("candidates");
    return list || USAGE.stream().anyMatch(fields::containsKey) ? Sign.TYPICAL : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    List<Value> candidates = Loose.items(Loose.child(chunk, "candidates"));
    boolean started = !draft.isEmpty();
    boolean ended = false;
    for (int i = 0; i < candidates.size(); i++) {
      Value candidate = candidates.get(i);
      ended |= Loose.first(candidate, END) != null;
      read(candidate, Loose.index(candidate, i), draft);
    }
    if (candidates.isEmpty()) {
      draft.sawPart();
    }
    long count = Loose.count(Loose.first(Loose.first(chunk, USAGE), COUNT));
    draft.coverage().counted(-1, started || ended ? count : -1);
  }

  private static void read(Value candidate, int choice, Draft draft) {
    String text = text(candidate, false);
    String thought = text(candidate, true);
    Value result = Loose.first(candidate, RESULT);
    if (result == null) {
      draft.coverage().bare(thought + text);
      if (text.isEmpty() && thought.isEmpty()) {
        draft.sawPart();
      } else {
        draft.sawText();
      }
      return;
    }
    draft.sawLogprobs();
    draft.coverage().scored(thought + text);
    List<Value> chosen = Loose.items(Loose.first(result, CHOSEN));
    List<Value> tops = Loose.items(Loose.first(result, TOP));
    int size = Math.max(chosen.size(), tops.size());
    if ((!chosen.isEmpty() && chosen.size() != size) || (!tops.isEmpty() && tops.size() != size)) {
      throw new InvalidInput.ShapeMismatch(
          result.pointer(),
          "found "
              + chosen.size()
              + " chosen candidates and "
              + tops.size()
              + " lists of the best");
    }
    boolean[] thinking = Thinking.of(chosen, thought, text.isEmpty());
    for (int i = 0; i < size; i++) {
      Value own = chosen.isEmpty() ? null : chosen.get(i);
      Value top = tops.isEmpty() ? null : tops.get(i);
      boolean thinks = own != null && thinking[i];
      draft.add(Slot.of(choice).thinking(thinks), () -> position(own, top, result));
    }
  }

  private static Position position(@Nullable Value own, @Nullable Value top, Value result) {
    Value list = Loose.child(top, "candidates");
    return new Position(
        own == null ? null : Candidate.readSampled(own),
        Candidate.readAll(list),
        (list != null ? list : own != null ? own : result).pointer());
  }

  private static String text(Value candidate, boolean thought) {
    var text = new StringBuilder();
    for (Value part : Loose.list(Loose.down(candidate, "content", "parts"))) {
      if (Loose.isTrue(Loose.child(part, "thought")) == thought) {
        text.append(Loose.text(Loose.child(part, "text")));
      }
    }
    return text.toString();
  }
}
