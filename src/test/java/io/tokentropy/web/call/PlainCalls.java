package io.tokentropy.web.call;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Room;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.entailment.Judge;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.Reply;
import io.tokentropy.web.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The calls of the contract without a server: from the bytes of a body to those of the answer. */
public final class PlainCalls {
  private final Endpoints endpoints;
  private final Limits limits;
  private final Reader reader;

  /** Calls under the default limits, without an embedder. */
  public PlainCalls() {
    this(Map.of());
  }

  public PlainCalls(Map<String, Object> properties) {
    this(properties, Optional.empty());
  }

  public PlainCalls(Map<String, Object> properties, Optional<Embedder> embedder) {
    this(properties, embedder, Optional.empty());
  }

  public PlainCalls(
      Map<String, Object> properties, Optional<Embedder> embedder, Optional<Judge> judge) {
    var environment = new StandardEnvironment();
    environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
    limits = new Limits(environment);
    endpoints =
        new Endpoints(
            limits,
            embedder,
            judge,
            Binder.get(environment).bindOrCreate("tokentropy", ScoreSettings.class).tags());
    reader = new Reader(limits.json());
  }

  public Set<String> paths() {
    return endpoints.byPath().keySet();
  }

  /** The answer to a body of JSON. */
  public byte[] answer(String path, byte[] body) {
    return answer(endpoints.at(path), reader.read(body, body.length), false);
  }

  /** The answer to a body of rows. */
  public byte[] answer(String path, String type, String query, byte[] body, boolean packed) {
    Fields parameters = QueryString.fields(query);
    BinaryRows rows = BinaryRows.of(type, parameters, limits.input());
    if (rows == null) {
      throw new IllegalArgumentException(type + " holds no rows");
    }
    rows.requireLength(body.length);
    return answer(endpoints.at(path), rows.read(body, body.length, parameters), packed);
  }

  private static <Q> byte[] answer(Endpoint<Q> endpoint, Fields fields, boolean packed) {
    Endpoint.Packed<?> form = endpoint.packed();
    if (packed && form != null) {
      return packed(form, fields);
    }
    fields.text("model");
    Q asked = endpoint.read().apply(fields);
    fields.done();
    Endpoint.Await<Q> await = endpoint.await();
    Q ready = await != null && await.waits(asked) ? await.arrived(asked) : asked;
    return endpoint.answer().apply(ready, Tally.NONE).toBytes();
  }

  private static <P> byte[] packed(Endpoint.Packed<P> form, Fields fields) {
    fields.text("model");
    P asked = form.read().apply(fields);
    fields.done();
    var bytes = new ByteArrayOutputStream();
    form.answer().of(asked, Tally.NONE, Room.UNBOUNDED).forEach(bytes::writeBytes);
    return bytes.toByteArray();
  }

  /** The reply that a caller would get to JSON, a problem included; the path may have a query. */
  public Reply post(String path, String json) {
    return reply(() -> answer(path, json, false));
  }

  /** The same where the answer is packed. */
  public Reply packed(String path, String json) {
    return reply(() -> answer(path, json, true));
  }

  /** The reply to a query string. */
  public Reply get(String path) {
    return reply(() -> answer(path, "{}", false));
  }

  private byte[] answer(String path, String json, boolean packed) {
    String[] parts = path.split("\\?", 2);
    Fields query = QueryString.fields(parts.length < 2 ? null : parts[1]);
    Endpoint<?> endpoint = endpoints.at(parts[0]);
    return answer(endpoint, Endpoints.fields(endpoint, value(json)).and(query), packed);
  }

  private Value value(String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return reader.readValue(body, body.length);
  }

  private static Reply reply(Supplier<byte[]> answer) {
    String id = "plain";
    try {
      return new Reply(200, Map.of(), answer.get());
    } catch (InvalidInput e) {
      Problem problem = Problem.of(e);
      return new Reply(
          problem.kind().status,
          Map.of("Content-Type", List.of("application/problem+json"), "X-Request-Id", List.of(id)),
          problem.toBytes(id));
    }
  }
}
