package io.tokentropy.web;

import io.tokentropy.endpoint.Limits;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.metrics.Meters;
import io.tokentropy.refusal.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * The way of every call: read the request, compute, write the answer, and say how long each took.
 */
@Component
class Calls {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final String BYTES = MediaType.APPLICATION_OCTET_STREAM_VALUE;
  private static final String ENDPOINT = Calls.class.getName() + ".endpoint";
  private static final String INPUT = Calls.class.getName() + ".input";
  private static final String MODEL = Calls.class.getName() + ".model";
  private static final String PROBLEM = Calls.class.getName() + ".problem";

  private final Map<String, Handler> handlers = new ConcurrentSkipListMap<>();
  private final Bodies bodies;
  private final Admission admission;
  private final Limits limits;
  private final Reader reader;
  private final Meters meters;
  private final AtomicInteger running = new AtomicInteger();

  Calls(Bodies bodies, Admission admission, Limits limits, Meters meters) {
    this.bodies = bodies;
    this.meters = meters;
    meters.inFlight(running);
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

  /** What the caller called its model, for meters. */
  static @Nullable String model(HttpServletRequest request) {
    return (String) request.getAttribute(MODEL);
  }

  private static void model(HttpServletRequest request, Fields fields) {
    String model = fields.text("model");
    if (model != null || request.getAttribute(MODEL) != null) {
      request.setAttribute(MODEL, model);
    }
  }

  /** Why the request is refused, for meters. */
  static @Nullable ProblemKind problem(HttpServletRequest request) {
    return (ProblemKind) request.getAttribute(PROBLEM);
  }

  static void problem(HttpServletRequest request, ProblemKind kind) {
    request.setAttribute(PROBLEM, kind);
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
          model(request, fields);
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
    return accept != null && accept.contains(BYTES) && !accept.contains(JSON);
  }

  /**
   * Answers a body, or the query string where there is no body, in JSON.
   *
   * @param endpoint the path, for meters
   * @param read the request's fields to what is asked; may refuse with {@link InvalidInput}
   * @param compute what is asked to the answer
   */
  <Q> void answer(
      HttpServletRequest request,
      HttpServletResponse response,
      String endpoint,
      Function<Fields, Q> read,
      Function<Q, Answer> compute) {
    respond(request, response, endpoint, read, compute, Answer::toBytes, JSON);
  }

  /** Answers in bytes that need no writing. */
  <Q> void answerPacked(
      HttpServletRequest request,
      HttpServletResponse response,
      String endpoint,
      Function<Fields, Q> read,
      Function<Q, byte[]> compute) {
    respond(request, response, endpoint, read, compute, Function.identity(), BYTES);
  }

  private <Q, A> void respond(
      HttpServletRequest request,
      HttpServletResponse response,
      String endpoint,
      Function<Fields, Q> read,
      Function<Q, A> compute,
      Function<A, byte[]> write,
      String type) {
    endpoint(request, endpoint);
    running.incrementAndGet();
    try {
      var call = new Call<>(request, response, endpoint, System.nanoTime(), read, compute, write);
      send(response, type, respond(call));
    } finally {
      running.decrementAndGet();
    }
  }

  /** Straight to the server: for a small call, Spring's conversion of answers is a good part. */
  private static void send(HttpServletResponse response, String type, byte[] body) {
    response.setContentType(type);
    response.setContentLength(body.length);
    try {
      response.getOutputStream().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A call, and the way from its fields to its answer. */
  private record Call<Q, A>(
      HttpServletRequest request,
      HttpServletResponse response,
      String endpoint,
      long start,
      Function<Fields, Q> read,
      Function<Q, A> compute,
      Function<A, byte[]> write) {}

  private byte[] respond(Call<?, ?> call) {
    HttpServletRequest request = call.request();
    Fields query = query(request);
    long deadline = admission.deadline(request, call.start());
    if (!request.getMethod().equals("POST")) {
      return admission.compute(deadline, () -> respond(call, query));
    }
    BinaryQuery binary = BinaryQuery.of(request, query, limits);
    return bodies.read(
        request,
        call.start(),
        binary == null ? length -> {} : binary::requireLength,
        (body, length) -> {
          meters.body(length);
          return admission.compute(
              deadline,
              () ->
                  respond(
                      call,
                      binary == null
                          ? reader.read(body, length).and(query)
                          : binary.read(body, length, query)));
        });
  }

  private <Q, A> byte[] respond(Call<Q, A> call, Fields fields) {
    model(call.request(), fields);
    Q asked = call.read().apply(fields);
    fields.done();
    long parsed = System.nanoTime();
    A answer = call.compute().apply(asked);
    long computed = System.nanoTime();
    byte[] body = call.write().apply(answer);
    long written = System.nanoTime();
    long parse = parsed - call.start();
    meters.stages(call.endpoint(), parse, computed - parsed, written - computed);
    call.response()
        .setHeader(
            "Server-Timing",
            "parse;dur="
                + millis(parse)
                + ", compute;dur="
                + millis(computed - parsed)
                + ", write;dur="
                + millis(written - computed));
    return body;
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
