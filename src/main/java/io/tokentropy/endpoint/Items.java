package io.tokentropy.endpoint;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Questions of one call: a single one, which the body itself is, or those of {@code items}, of
 * which each has its own answer or refusal.
 *
 * @param asked what could be read of each, in order
 * @param several whether they came as items
 */
public record Items<Q>(List<Attempt<Q>> asked, boolean several) {
  /** Answers one question, which stands at that place. */
  public interface Answering<Q> {
    Answer of(Q asked, int index);
  }

  /**
   * Reads them.
   *
   * @param most items of one call
   * @param one reads the fields of one question
   */
  public static <Q> Items<Q> read(Fields fields, Limit most, Function<Fields, Q> one) {
    Value items = fields.get("items");
    if (items == null) {
      return new Items<>(List.of(new Attempt.Done<>(one.apply(fields))), false);
    }
    List<Value> list = items.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(items.pointer(), "the list is empty; expected items");
    }
    most.require(items.pointer(), list.size());
    var asked = new ArrayList<Attempt<Q>>();
    for (Value item : list) {
      asked.add(
          Attempt.of(
              () -> {
                Fields own = item.asFields();
                Q question = one.apply(own);
                own.done();
                return question;
              }));
    }
    return new Items<>(asked, true);
  }

  /** Those that could be read. */
  public Stream<Q> readable() {
    return asked.stream()
        .mapMulti(
            (question, all) -> {
              if (question instanceof Attempt.Done<Q>(Q read)) {
                all.accept(read);
              }
            });
  }

  /** The answers in order; of several questions, one that is refused says so in its place. */
  public List<Answer> answers(Answering<Q> answering, Refusals refusals) {
    var data = new ArrayList<Answer>();
    for (Attempt<Q> question : asked) {
      int index = data.size();
      Attempt<Answer> answer = Attempt.of(() -> answering.of(question.get(), index));
      if (several && answer instanceof Attempt.Failed<Answer>(InvalidInput refusal)) {
        data.add(new Answer().put("index", index).put("error", refusals.of(refusal)));
      } else {
        data.add(answer.get());
      }
    }
    return data;
  }
}
