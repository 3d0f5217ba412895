package io.tokentropy.gateway.engine;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.UpstreamFailed;
import java.util.List;

/** A model server that is asked in JSON and answers in JSON. */
final class Client {
  /**
   * Texts of single tokens are names in some answers; the longest known have some hundred letters.
   */
  private static final Reader READER = new Reader(new JsonLimits(16, 64, 4096, 64 << 20));

  private final ModelServer server;

  Client(ModelServer server) {
    this.server = server;
  }

  String model() {
    return server.config().model();
  }

  /** A call that reads an answer. */
  interface Read<T> {
    T from(Fields answer);
  }

  /** What a server answers to a body. */
  <T> T post(String path, Answer body, Deadline deadline, Read<T> read) throws EngineFailed {
    try {
      return read(server.post(path, body.toBytes(), deadline.left()), read);
    } catch (UpstreamFailed e) {
      throw Failures.atStart(e, deadline);
    }
  }

  /** What a server answers of itself. */
  <T> T get(String path, Deadline deadline, Read<T> read) throws EngineFailed {
    try {
      return read(server.get(path, deadline.left()), read);
    } catch (UpstreamFailed e) {
      throw Failures.atStart(e, deadline);
    }
  }

  private static <T> T read(byte[] answer, Read<T> read) throws EngineFailed {
    try {
      return read.from(READER.read(answer, answer.length));
    } catch (InvalidInput e) {
      throw Failures.unreadable(e);
    }
  }

  /** The events that a server will answer to a body, which is sent. */
  Events stream(String path, Answer body, Deadline deadline) throws EngineFailed {
    try {
      return new Events(
          server.send(path, body.toBytes(), deadline.left()),
          server.config().times().idle(),
          deadline);
    } catch (UpstreamFailed e) {
      throw Failures.atStart(e, deadline);
    }
  }

  /** A list of token ids. */
  static int[] ids(Value list) {
    List<Value> values = list.asList();
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = values.get(i).asInt();
    }
    return ids;
  }

  /** A conversation as servers take it. */
  static List<Answer> messages(Prompt.Chat chat) {
    return chat.messages().stream()
        .map(message -> new Answer().put("role", message.role()).put("content", message.content()))
        .toList();
  }
}
