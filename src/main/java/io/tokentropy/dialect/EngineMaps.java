package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Positions as vLLM's engine has them: a map from token id to its log-probability, its rank and its
 * text. The token that stands in the text comes first; where it is not of the best k, its rank says
 * so. The prompt of a response is a list of such maps, the first of them null.
 */
final class EngineMaps {
  private EngineMaps() {}

  /** Whether this is one of its maps: every name a number. */
  static boolean isMap(Value value) {
    Map<String, Value> fields = Loose.fields(value);
    return !fields.isEmpty() && fields.keySet().stream().allMatch(EngineMaps::isId);
  }

  private static boolean isId(String name) {
    return id(name) != null;
  }

  /** The id that a name of a map is; null if it is none. */
  static @Nullable Integer id(String name) {
    boolean digits =
        !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? (Integer) Integer.parseInt(name) : null;
  }

  /** Reads the prompt that a response or a choice of it may bring. */
  static void prompt(Value holder, int choice, Draft draft) {
    Value list = Loose.child(holder, "prompt_logprobs");
    if (list == null) {
      return;
    }
    draft.sawLogprobs();
    list(list, Loose.list(Loose.child(holder, "prompt_token_ids")), Slot.ofPrompt(choice), draft);
  }

  /**
   * Reads a list of maps.
   *
   * @param ids of the tokens of the text; empty where the server did not give them
   */
  static void list(Value list, List<Value> ids, Slot slot, Draft draft) {
    List<Value> maps = list.asList();
    for (int i = 0; i < maps.size(); i++) {
      Value map = maps.get(i);
      Integer id = ids.size() == maps.size() ? Candidate.id(ids.get(i)) : null;
      if (map.isNull()) {
        draft.addUnscored(slot, new Candidate(null, id, Double.NaN), "", "");
      } else {
        draft.add(slot, () -> map instanceof Value.Num ? alone(map, id) : position(map, id));
      }
    }
  }

  /** A log-probability without a map around it. */
  private static Position alone(Value number, @Nullable Integer id) {
    return new Position(
        new Candidate(null, id, Candidate.lnProb(number)), List.of(), number.pointer());
  }

  /**
   * One position.
   *
   * @param id of the token of the text; null where it is not known
   */
  static Position position(Value map, @Nullable Integer id) {
    var listed = new ArrayList<Candidate>();
    Candidate actual = null;
    for (Map.Entry<String, Value> entry : Loose.fields(map).entrySet()) {
      Candidate candidate = candidate(entry.getKey(), entry.getValue());
      listed.add(candidate);
      boolean outside =
          Loose.count(Loose.child(entry.getValue(), "rank")) > Loose.fields(map).size();
      if (id == null ? actual == null || outside : id.equals(candidate.id())) {
        actual = candidate;
      }
    }
    if (actual == null) {
      throw map.wrongType("a map of token ids");
    }
    return new Position(actual, listed, map.pointer());
  }

  private static Candidate candidate(String name, Value value) {
    Integer id = id(name);
    Value text = Loose.child(value, "decoded_token");
    Value lnProb = Loose.fields(value).get("logprob");
    return new Candidate(
        text == null ? (id == null ? name : null) : text.asText(),
        id,
        Candidate.lnProb(lnProb == null ? value : lnProb));
  }
}
