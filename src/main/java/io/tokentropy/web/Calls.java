package io.tokentropy.web;

import io.tokentropy.distribution.InvalidInput;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
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

  private final Map<String, Handler> handlers = new ConcurrentSkipListMap<>();
  private final Bodies bodies;
  private final Admission admission;
  private final Limits limits;
  private final Reader reader;

  Calls(Bodies bodies, Admission admission, Limits limits) {
    this.bodies = bodies;
    this.admission = admission;
    this.limits = limits;
    this.reader = new Reader(limits.json());
  }

  /** The path, for meters, if this was a call of the contract. */
  static Optional<String> endpoint(HttpServletRequest request) {
    return Optional.ofNullable((String) request.getAttribute(ENDPOINT));
  }

  static void endpoint(HttpServletRequest request, String endpoint) {
    request.setAttribute(ENDPOINT, endpoint);
  }

  /** The kind of input, for meters; {@code none} until it was read. */
  static String input(HttpServletRequest request) {
    return request.getAttribute(INPUT) instanceof String input ? input : "none";
  }

  static void input(HttpServletRequest request, String input) {
    request.setAttribute(INPUT, input);
  }

  /** Answers the fields of one call, wherever they came from. */
  interface Handler {
    Answer answer(HttpServletRequest request, Fields fields);
  }

  /** Makes an endpoint known to batches. */
  <Q> void offer(
      String endpoint,
      Function<Fields, Q> read,
      BiFunction<HttpServletRequest, Q, Answer> compute) {
    handlers.put(
        endpoint,
        (request, fields) -> {
          fields.text("model");
          Q asked = read.apply(fields);
          fields.done();
          return compute.apply(request, asked);
        });
  }

  /** What answers an endpoint, by its path. */
  Map<String, Handler> handlers() {
    return handlers;
  }

  /** Whether the caller wants the packed form of an answer, and does not take JSON. */
  static boolean wantsPacked(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    return accept != null
        && accept.contains(MediaType.APPLICATION_OCTET_STREAM_VALUE)
        && !accept.contains(MediaType.APPLICATION_JSON_VALUE);
  }

  /**
   * Answers a body, or the query string where there is no body, in JSON.
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
    return respond(request, endpoint, read, compute, Answer::toBytes, MediaType.APPLICATION_JSON);
  }

  /** Answers in bytes that need no writing. */
  <Q> ResponseEntity<byte[]> answerPacked(
      HttpServletRequest request,
      String endpoint,
      Function<Fields, Q> read,
      Function<Q, byte[]> compute) {
    return respond(
        request, endpoint, read, compute, Function.identity(), MediaType.APPLICATION_OCTET_STREAM);
  }

  private <Q, A> ResponseEntity<byte[]> respond(
      HttpServletRequest request,
      String endpoint,
      Function<Fields, Q> read,
      Function<Q, A> compute,
      Function<A, byte[]> write,
      MediaType type) {
    endpoint(request, endpoint);
    long start = System.nanoTime();
    Fields query = query(request);
    long deadline = admission.deadline(request, start);
    if (!request.getMethod().equals("POST")) {
      return admission.compute(deadline, () -> respond(start, query, read, compute, write, type));
    }
    BinaryQuery binary = BinaryQuery.of(request, query, limits);
    return bodies.read(
        request,
        start,
        binary == null ? length -> {} : binary::requireLength,
        (body, length) ->
            admission.compute(
                deadline,
                () -> {
                  Fields fields =
                      binary == null
                          ? reader.read(body, length).and(query)
                          : binary.read(body, length, query);
                  return respond(start, fields, read, compute, write, type);
                }));
  }

  private static <Q, A> ResponseEntity<byte[]> respond(
      long start,
      Fields fields,
      Function<Fields, Q> read,
      Function<Q, A> compute,
      Function<A, byte[]> write,
      MediaType type) {
    fields.text("model");
    Q asked = read.apply(fields);
    fields.done();
    long parsed = System.nanoTime();
    A answer = compute.apply(asked);
    long computed = System.nanoTime();
    byte[] body = write.apply(answer);
    long written = System.nanoTime();
    return ResponseEntity.ok()
        .contentType(type)
        .header(
            "Server-Timing",
            "parse;dur="
                + millis(parsed - start)
                + ", compute;dur="
                + millis(computed - parsed)
                + ", write;dur="
                + millis(written - computed))
        .body(body);
  }

  /** With three decimals; a formatter takes longer than a small request. */
  private static String millis(long nanos) {
    long micros = (nanos + 500) / 1000;
    long rest = micros % 1000;
    return micros / 1000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
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
