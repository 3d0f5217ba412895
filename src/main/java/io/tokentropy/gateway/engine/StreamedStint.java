package io.tokentropy.gateway.engine;

import io.tokentropy.dialect.Dialect;
import io.tokentropy.dialect.Event;
import io.tokentropy.dialect.EventReader;
import io.tokentropy.dialect.Sent;
import io.tokentropy.dialect.Token;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A call whose events the dialect room reads; a server's own class says what they mean as steps. A
 * token without text is held until the next event: if the text ends there, it was its end.
 */
abstract class StreamedStint implements Stint {
  private final Events events;
  private final EventReader reader;
  private final Deque<Step> steps = new ArrayDeque<>();
  private @Nullable Finish finish;
  private boolean over;
  private int prompt;
  private int cached;
  private int completion;

  StreamedStint(Events events, Dialect dialect, OptionalInt vocabSize) {
    this.events = events;
    this.reader = new EventReader(dialect, Sent.of(vocabSize), "");
  }

  /**
   * An event of this server.
   *
   * @param tokens that it brings, as far as the server gave their log-probabilities
   */
  abstract void accept(Fields event, List<Token> tokens) throws EngineFailed;

  @Override
  public final @Nullable Step next() throws EngineFailed {
    while (!over && (steps.isEmpty() || (steps.size() == 1 && isSilent(steps.getFirst())))) {
      Event event;
      try {
        event = events.next();
      } catch (EngineFailed e) {
        if (finish == null) {
          throw e;
        }
        event = null;
      }
      if (event == null) {
        end();
      } else {
        read(event);
      }
    }
    return steps.poll();
  }

  private static boolean isSilent(Step step) {
    return step.bytes().length == 0;
  }

  private void read(Event event) throws EngineFailed {
    try {
      accept(event.chunk().asFields(), reader.accept(event));
    } catch (InvalidInput e) {
      events.close();
      throw Failures.unreadable(e);
    }
  }

  private void end() throws EngineFailed {
    over = true;
    events.close();
    if (finish == null) {
      throw new EngineFailed(Fault.CUT, "ended its answer before the end");
    }
  }

  /** The server says no more. */
  final void over() {
    over = true;
    events.close();
  }

  final void add(Step step) {
    steps.add(step);
  }

  /** The last step, if it has no text and was not given away yet: it is taken back. */
  final @Nullable Step takeSilent() {
    Step last = steps.peekLast();
    return last != null && isSilent(last) ? steps.pollLast() : null;
  }

  /** The model ended its text. */
  final void stopped() {
    finish = Finish.STOP;
  }

  /** No room for more. */
  final void full() {
    finish = Finish.LENGTH;
  }

  final void counted(int promptTokens, int cachedTokens, int completionTokens) {
    prompt = promptTokens;
    cached = cachedTokens;
    completion = completionTokens;
  }

  @Override
  public final Finish finish() {
    if (finish == null) {
      throw new IllegalStateException("the server has not ended it");
    }
    return finish;
  }

  @Override
  public final Usage usage() {
    return new Usage(prompt, cached, completion);
  }

  @Override
  public final void close() {
    events.close();
  }
}
