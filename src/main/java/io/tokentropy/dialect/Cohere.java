package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of text in {@code logprobs}, each with the ids and log-probabilities of its tokens,
 * without alternatives. Its older answers, which Bedrock still gives, have {@code
 * token_likelihoods}.
 */
final class Cohere implements DialectReader {
  @Override
  public Sign sign(Map<String, Value> fields) {
    String type = Loose.text(fields.get("type"));
    List<Value> pieces = Loose.list(fields.get("logprobs"));
    boolean own = !pieces.isEmpty() && Loose.fields(pieces.getFirst()).containsKey("token_ids");
    if (own || type.startsWith("content-") || type.startsWith("message-")) {
      return Sign.OWN;
    }
    Value content = Loose.child(fields.get("message"), "content");
    boolean whole = content != null && content.isList() && fields.containsKey("finish_reason");
    return whole || fields.containsKey("generations") ? Sign.TYPICAL : Sign.NONE;
  }

  @Override
  public void read(Value chunk, Draft draft) {
    List<Value> generations = Loose.items(Loose.child(chunk, "generations"));
    for (int i = 0; i < generations.size(); i++) {
      generation(generations.get(i), Loose.index(generations.get(i), i), draft);
    }
    Value usage = Loose.first(chunk, List.of("usage", "delta"));
    Value counts = Loose.child(usage, "usage") == null ? usage : Loose.child(usage, "usage");
    long count = Loose.count(Loose.down(counts, "tokens", "output_tokens"));
    Value logprobs = Loose.child(chunk, "logprobs");
    boolean whole = Loose.child(chunk, "message") != null;
    if (whole) {
      draft.goesOn(0, chunk);
    }
    if (logprobs != null) {
      draft.sawLogprobs();
      List<Value> pieces = logprobs.isList() ? logprobs.asList() : List.of(logprobs);
      pieces.forEach(piece -> piece(piece, draft));
    } else if (Loose.isText(Loose.down(chunk, "delta", "message", "content", "text"))) {
      draft.sawText();
    } else if (!whole && generations.isEmpty()) {
      draft.sawPart();
    }
    draft.coverage().counted(-1, whole || !draft.isEmpty() ? count : -1);
    if (whole) {
      draft.ends(0);
    }
  }

  /** A piece of text of one token or several; of several, nobody says where one ends. */
  private static void piece(Value piece, Draft draft) {
    List<Value> ids = Loose.items(Loose.child(piece, "token_ids"));
    List<Value> lnProbs = Loose.items(Loose.child(piece, "logprobs"));
    if (ids.size() != lnProbs.size() && !ids.isEmpty() && !lnProbs.isEmpty()) {
      throw new InvalidInput.ShapeMismatch(
          piece.pointer(),
          "found " + ids.size() + " token_ids and " + lnProbs.size() + " logprobs");
    }
    Value text = ids.size() == 1 ? Loose.child(piece, "text") : null;
    for (int i = 0; i < lnProbs.size(); i++) {
      Value lnProb = lnProbs.get(i);
      Value id = ids.isEmpty() ? null : ids.get(i);
      draft.add(Slot.of(0), () -> position(text, id, lnProb));
    }
  }

  private static Position position(@Nullable Value text, @Nullable Value id, Value lnProb) {
    double value = lnProb.isNull() ? Double.NaN : Candidate.lnProb(lnProb);
    return new Position(
        new Candidate(text == null ? null : text.asText(), Candidate.id(id), value),
        List.of(),
        lnProb.pointer());
  }

  private static void generation(Value generation, int choice, Draft draft) {
    List<Value> tokens = Loose.items(Loose.child(generation, "token_likelihoods"));
    if (!tokens.isEmpty()) {
      draft.sawLogprobs();
      draft.goesOn(choice, generation);
    } else if (Loose.isText(Loose.child(generation, "text"))) {
      draft.sawText();
    }
    for (Value token : tokens) {
      Value lnProb = Loose.child(token, "likelihood");
      if (lnProb == null) {
        draft.addUnscored(
            Slot.of(choice),
            new Candidate(Loose.text(Loose.child(token, "token")), null, Double.NaN),
            "",
            "");
      } else {
        draft.add(Slot.of(choice), () -> position(Loose.child(token, "token"), null, lnProb));
      }
    }
    draft.ends(choice);
  }
}
