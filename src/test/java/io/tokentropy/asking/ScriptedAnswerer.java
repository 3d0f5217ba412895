package io.tokentropy.asking;

import io.tokentropy.asking.Call.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;

/** A model that answers as a test says, and counts. */
final class ScriptedAnswerer implements Answerer {
  private final int mostChoices;
  private final Script script;
  private final List<Call> calls = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final AtomicInteger interrupted = new AtomicInteger();

  interface Script {
    /** The reply to a call; {@code number} counts calls from 0 in the order in which they came. */
    Reply reply(Call call, int number) throws CallFailed, InterruptedException;
  }

  ScriptedAnswerer(int mostChoices, Script script) {
    this.mostChoices = mostChoices;
    this.script = script;
  }

  /** Says the same to everybody. */
  static ScriptedAnswerer saying(int mostChoices, String text) {
    return new ScriptedAnswerer(mostChoices, (call, number) -> reply(call, text));
  }

  /** A reply with all that was asked for, which took as much as it could. */
  static Reply reply(Call call, String text) {
    List<Reply.Choice> choices = new ArrayList<>();
    for (int i = 0; i < call.choices(); i++) {
      choices.add(Reply.Choice.of(text));
    }
    long prompt = Message.tokensAtMost(call.messages());
    return new Reply(
        choices,
        new Reply.Usage(prompt, 0, (long) call.choices() * call.sampling().maxTokens()),
        "scripted",
        null,
        OptionalDouble.empty());
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public int mostChoices() {
    return mostChoices;
  }

  @Override
  public Reply answer(Call call) throws CallFailed, InterruptedException {
    int number;
    synchronized (calls) {
      number = calls.size();
      calls.add(call);
    }
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      return script.reply(call, number);
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      throw e;
    } finally {
      running.decrementAndGet();
    }
  }

  List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  List<Call> calls(Purpose purpose) {
    return calls().stream().filter(call -> call.purpose() == purpose).toList();
  }

  int running() {
    return running.get();
  }

  int mostRunning() {
    return mostRunning.get();
  }

  int interrupted() {
    return interrupted.get();
  }
}
