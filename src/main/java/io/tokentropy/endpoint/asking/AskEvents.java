package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.Call;
import io.tokentropy.asking.Observer;
import io.tokentropy.asking.Plan;
import io.tokentropy.asking.Prompt;
import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.json.Answer;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** What happens while a question is asked, as events of a stream. */
public final class AskEvents implements Observer {
  private final AskEndpoint.Asked asked;
  private final Sink sink;
  private final BiConsumer<Call.Purpose, End> calls;
  private final LongSupplier elapsed;

  /** Takes events, in the thread in which they happen. */
  public interface Sink {
    void event(String name, Answer data);
  }

  /**
   * Events of a call.
   *
   * @param calls is told how each call to a model ended
   * @param elapsed milliseconds since the call came
   */
  public AskEvents(
      AskEndpoint.Asked asked,
      Sink sink,
      BiConsumer<Call.Purpose, End> calls,
      LongSupplier elapsed) {
    this.asked = asked;
    this.sink = sink;
    this.calls = calls;
    this.elapsed = elapsed;
  }

  @Override
  public void plan(Plan plan) {
    sink.event("plan", AskAnswer.of(plan));
  }

  @Override
  public void perturbation(int index, Prompt prompt) {
    sink.event(
        "perturbation",
        new Answer()
            .put("index", index)
            .put("text", prompt.text())
            .put("origin", prompt.origin().wire())
            .put("generation", prompt.generation()));
  }

  @Override
  public void answer(int round, int prompt, int index, Choice choice) {
    Answer event = new Answer().put("prompt", prompt).put("index", index);
    if (asked.request().temperatures()) {
      event.put("temperature", asked.request().job().rounds().get(round).temperature());
    }
    sink.event("answer", event.putAll(AskAnswer.of(choice)));
  }

  @Override
  public void progress(int ended, int all, long tokens) {
    sink.event(
        "progress",
        new Answer()
            .put("calls", ended)
            .put("of", all)
            .put("tokens", tokens)
            .put("elapsed_ms", elapsed.getAsLong()));
  }

  @Override
  public void call(Call.Purpose purpose, End end) {
    calls.accept(purpose, end);
  }
}
