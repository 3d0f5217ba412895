package io.tokentropy.gateway;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers to one question, written by both models of a pair. Each has a thread of its own and
 * at most one call under way.
 */
public final class Switched {
  private final Prompts prompts;
  private final List<Choice> choices = new ArrayList<>();
  private @Nullable Throwable first;

  /** Nothing is called yet. */
  public Switched(Pair pair, Question question, Listener listener) {
    prompts = new Prompts(pair, question.prompt(), question.deadline());
    for (int i = 0; i < question.choices(); i++) {
      choices.add(new Choice(i, pair, question, prompts, listener));
    }
  }

  /**
   * Writes them all, once.
   *
   * @return what became of each, in order
   * @throws GatewayFailed as soon as one cannot be written; the others are given up
   * @throws InterruptedException if this thread was; all are given up
   */
  public List<Ended> run() throws GatewayFailed, InterruptedException {
    var ended = new Ended[choices.size()];
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < ended.length; i++) {
      int index = i;
      threads.add(Thread.ofVirtual().name("answer-" + i).start(() -> write(index, ended)));
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } finally {
      cancel();
    }
    Throwable failure = first;
    if (failure == null) {
      return List.of(ended);
    }
    if (failure instanceof GatewayFailed failed) {
      throw failed;
    }
    if (failure instanceof RuntimeException fault) {
      throw fault;
    }
    throw new IllegalStateException(failure);
  }

  private void write(int index, Ended[] ended) {
    try {
      ended[index] = choices.get(index).run();
    } catch (GatewayFailed | RuntimeException | Error e) {
      synchronized (this) {
        first = first == null ? e : first;
      }
      cancel();
    }
  }

  /** Closes what is under way, from any thread: the answers that are not complete fail. */
  public void cancel() {
    choices.forEach(Choice::cancel);
    prompts.close();
  }
}
