package io.tokentropy.web;

import io.tokentropy.distribution.InvalidInput;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/**
 * The way of every call: read the request, compute, write the answer, and say how long each took.
 */
@Component
class Calls {
  private static final String ENDPOINT = Calls.class.getName() + ".endpoint";
  private static final String INPUT = Calls.class.getName() + ".input";

  private final Bodies bodies;
  private final Reader reader;

  Calls(Bodies bodies, Limits limits) {
    this.bodies = bodies;
    this.reader = new Reader(limits.json());
  }

  /** The path, for meters, if this was a call of the contract. */
  static Optional<String> endpoint(HttpServletRequest request) {
    return Optional.ofNullable((String) request.getAttribute(ENDPOINT));
  }

  /** The kind of input, for meters; {@code none} until it was read. */
  static String input(HttpServletRequest request) {
    return request.getAttribute(INPUT) instanceof String input ? input : "none";
  }

  static void input(HttpServletRequest request, String input) {
    request.setAttribute(INPUT, input);
  }

  /**
   * Answers a JSON body, or the query string where there is no body.
   *
   * @param endpoint the path, for meters
   * @param read the request's fields to what is asked; may refuse with {@link InvalidInput}
   * @param compute what is asked to the answer
   */
  <Q> ResponseEntity<byte[]> answer(
      HttpServletRequest request,
      String endpoint,
      Function<Fields, Q> read,
      Function<Q, Answer> compute) {
    request.setAttribute(ENDPOINT, endpoint);
    long start = System.nanoTime();
    Fields query = query(request);
    Fields fields =
        request.getMethod().equals("POST") ? bodies.read(request, reader::read).and(query) : query;
    fields.text("model");
    Q asked = read.apply(fields);
    fields.done();
    long parsed = System.nanoTime();
    Answer answer = compute.apply(asked);
    long computed = System.nanoTime();
    byte[] body = answer.toBytes();
    long written = System.nanoTime();
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header(
            "Server-Timing",
            String.format(
                Locale.ROOT,
                "parse;dur=%.3f, compute;dur=%.3f, write;dur=%.3f",
                (parsed - start) / 1e6,
                (computed - parsed) / 1e6,
                (written - computed) / 1e6))
        .body(body);
  }

  private static Fields query(HttpServletRequest request) {
    String query = request.getQueryString();
    if (query == null || query.isEmpty()) {
      return Fields.ofQuery(Map.of());
    }
    var parameters = new LinkedHashMap<String, String>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (parameters.putIfAbsent(name, value) != null) {
        throw new InvalidInput.ConflictingInputs(
            "/" + name, name + " stands in the query string twice");
      }
    }
    return Fields.ofQuery(parameters);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput.MalformedJson("", "the query string is not percent-encoded properly");
    }
  }
}
