package io.tokentropy.gateway.openai;

import io.tokentropy.gateway.Ended;
import io.tokentropy.gateway.Listener;
import io.tokentropy.gateway.Piece;
import io.tokentropy.gateway.openai.Asked.Form;
import io.tokentropy.json.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Gathers answers, for one body when all are complete. */
public final class WholeAnswer implements Listener {
  private final Head head;
  private final Form form;
  private final Map<Integer, List<Piece>> pieces = new HashMap<>();

  public WholeAnswer(Head head, Form form) {
    this.head = head;
    this.form = form;
  }

  @Override
  public synchronized void wrote(int choice, Piece piece) {
    pieces.computeIfAbsent(choice, none -> new ArrayList<>()).add(piece);
  }

  @Override
  public void ended(int choice, Ended ended) {}

  /**
   * The body.
   *
   * @param answers in the order of the choices
   */
  public synchronized Answer body(List<Ended> answers, OptionalDouble costRatio) {
    var choices = new ArrayList<Answer>();
    for (int i = 0; i < answers.size(); i++) {
      choices.add(choice(i, answers.get(i)));
    }
    Answer body =
        head.of(form.shape(), form.shape().object)
            .put("choices", choices)
            .put("usage", Head.usage(answers));
    return form.explain()
        ? body.put("tokentropy", new Explained(answers).toAnswer(costRatio))
        : body;
  }

  private Answer choice(int index, Ended ended) {
    List<Piece> own = pieces.getOrDefault(index, List.of());
    var text = new StringBuilder();
    own.forEach(piece -> text.append(piece.text()));
    String whole = text.append(ended.tail()).toString();
    Answer choice = new Answer().put("index", index);
    if (form.shape() == Shape.CHAT) {
      choice.put("message", new Answer().put("role", "assistant").put("content", whole));
    } else {
      choice.put("text", whole);
    }
    if (form.logprobs().isPresent()) {
      choice.put("logprobs", StreamedAnswer.logprobs(form, own, 0));
    } else {
      choice.putNull("logprobs");
    }
    return choice.put("finish_reason", ended.finish().wire());
  }
}
