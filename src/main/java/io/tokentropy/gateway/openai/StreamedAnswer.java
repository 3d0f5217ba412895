package io.tokentropy.gateway.openai;

import io.tokentropy.gateway.Ended;
import io.tokentropy.gateway.Listener;
import io.tokentropy.gateway.Piece;
import io.tokentropy.gateway.openai.Asked.Form;
import io.tokentropy.json.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Writes answers as server-sent events while they come, those of several choices among each other:
 * one {@code id}, one {@code [DONE]}. What the client does not take is thrown as {@link
 * UncheckedIOException}.
 */
public final class StreamedAnswer implements Listener {
  private static final byte[] ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);

  private final Head head;
  private final Form form;
  private final OutputStream out;

  /** By choice, characters that were written of it. */
  private final Map<Integer, Integer> written = new HashMap<>();

  private long lastWrite = System.nanoTime();
  private boolean begun;

  public StreamedAnswer(Head head, Form form, OutputStream out) {
    this.head = head;
    this.form = form;
    this.out = out;
  }

  @Override
  public synchronized void wrote(int choice, Piece piece) {
    begin(choice);
    boolean logprobs = form.logprobs().isPresent() && piece.shown();
    if (piece.text().isEmpty() && !logprobs) {
      return;
    }
    int offset = written.getOrDefault(choice, 0);
    write(
        delta(choice, piece.text())
            .put("logprobs", logprobs ? logprobs(form, List.of(piece), offset) : null)
            .putNull("finish_reason"));
    written.put(choice, offset + piece.text().codePointCount(0, piece.text().length()));
  }

  @Override
  public synchronized void ended(int choice, Ended ended) {
    begin(choice);
    if (!ended.tail().isEmpty()) {
      write(delta(choice, ended.tail()).putNull("finish_reason"));
    }
    Answer last =
        form.shape() == Shape.CHAT
            ? new Answer().put("index", choice).put("delta", new Answer())
            : delta(choice, "");
    write(last.put("finish_reason", ended.finish().wire()));
  }

  /** The role of a choice stands before its text. */
  private void begin(int choice) {
    if (written.putIfAbsent(choice, 0) == null && form.shape() == Shape.CHAT) {
      write(
          new Answer()
              .put("index", choice)
              .put("delta", new Answer().put("role", "assistant").put("content", ""))
              .putNull("finish_reason"));
    }
  }

  private Answer delta(int choice, String text) {
    Answer one = new Answer().put("index", choice);
    return form.shape() == Shape.CHAT
        ? one.put("delta", new Answer().put("content", text))
        : one.put("text", text);
  }

  static Answer logprobs(Form form, List<Piece> pieces, int offset) {
    OptionalInt alternatives = form.logprobs();
    return new Logprobs(form.shape(), alternatives.orElseThrow()).of(pieces, offset);
  }

  private void write(Answer choice) {
    send(chunk().put("choices", List.of(choice)));
  }

  private Answer chunk() {
    return head.of(form.shape(), form.shape().chunk);
  }

  private void send(Answer event) {
    byte[] json = event.toBytes();
    var bytes = new byte[json.length + 8];
    System.arraycopy("data: ".getBytes(StandardCharsets.UTF_8), 0, bytes, 0, 6);
    System.arraycopy(json, 0, bytes, 6, json.length);
    bytes[json.length + 6] = '\n';
    bytes[json.length + 7] = '\n';
    send(bytes);
  }

  private void send(byte[] bytes) {
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lastWrite = System.nanoTime();
    begun = true;
  }

  /** Whether anything was sent: then an error can be told only inside the stream. */
  public synchronized boolean hasBegun() {
    return begun;
  }

  /**
   * The end of a stream in good order.
   *
   * @param answers in the order of the choices
   */
  public synchronized void done(List<Ended> answers, OptionalDouble costRatio) {
    if (form.usage() || form.explain()) {
      Answer last = chunk().put("choices", List.of());
      if (form.usage()) {
        last.put("usage", Head.usage(answers));
      }
      if (form.explain()) {
        last.put("tokentropy", new Explained(answers).toAnswer(costRatio));
      }
      send(last);
    }
    send(DONE);
  }

  /** The end of a stream that cannot go on: no {@code [DONE]} follows. */
  public synchronized void failed(Answer error) {
    send(new Answer().put("error", error));
  }

  /** Says that we are still here, where nothing was said for so long. */
  public synchronized void alive(long nanosOfSilence) {
    if (System.nanoTime() - lastWrite >= nanosOfSilence) {
      send(ALIVE);
    }
  }
}
