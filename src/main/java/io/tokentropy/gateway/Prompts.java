package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.switching.Model;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One prompt in the ids of each model: rendered once for all answers, and when first needed. */
final class Prompts implements AutoCloseable {
  private final Pair pair;
  private final Prompt prompt;
  private final Deadline deadline;
  private final Map<Model, CompletableFuture<int[]>> rendered = new EnumMap<>(Model.class);
  private final List<Thread> threads = new ArrayList<>();
  private @Nullable Integer length;

  Prompts(Pair pair, Prompt prompt, Deadline deadline) {
    this.pair = pair;
    this.prompt = prompt;
    this.deadline = deadline;
  }

  /**
   * The ids for a model.
   *
   * @throws EngineFailed if its server did not give them; another call asks it again
   */
  int[] of(Model model) throws EngineFailed {
    CompletableFuture<int[]> ids = start(model);
    try {
      int[] found = ids.get();
      synchronized (this) {
        if (length == null) {
          length = found.length;
        }
      }
      return found;
    } catch (ExecutionException e) {
      synchronized (this) {
        rendered.remove(model, ids);
      }
      if (e.getCause() instanceof EngineFailed failed) {
        throw failed;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineFailed(Fault.CLOSED, "was not waited for");
    }
  }

  /** Begins to render for a model that may be needed; what comes of it is seen when it is. */
  void prepare(Model model) {
    var _ = start(model);
  }

  private synchronized CompletableFuture<int[]> start(Model model) {
    return rendered.computeIfAbsent(model, this::render);
  }

  private CompletableFuture<int[]> render(Model model) {
    if (prompt instanceof Prompt.Ids(int[] ids)) {
      return CompletableFuture.completedFuture(ids);
    }
    Engine engine = pair.engine(model);
    var ids = new CompletableFuture<int[]>();
    threads.add(
        Thread.ofVirtual()
            .name("prompt")
            .start(
                () -> {
                  try {
                    ids.complete(engine.render(prompt, deadline));
                  } catch (EngineFailed | RuntimeException e) {
                    ids.completeExceptionally(e);
                  }
                }));
    return ids;
  }

  /** Tokens of the prompt as it was rendered first; 0 before. */
  synchronized int length() {
    return length == null ? 0 : length;
  }

  /** Gives up what is under way; who waits for it is told. */
  @Override
  public synchronized void close() {
    threads.forEach(Thread::interrupt);
    for (CompletableFuture<int[]> ids : rendered.values()) {
      ids.completeExceptionally(new EngineFailed(Fault.CLOSED, "was not waited for"));
    }
  }
}
