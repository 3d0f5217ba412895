package io.tokentropy.web.call;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.metrics.Meters;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.exchange.Exchange;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * The way of every call: read the request, compute, write the answer, and say how long each took.
 */
@Component
public class Calls {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final String BYTES = MediaType.APPLICATION_OCTET_STREAM_VALUE;

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

  /**
   * Answers the body of a request, or its query string where there is no body: in JSON, or packed
   * where the caller asks for that alone and the endpoint has such a form.
   */
  public void answer(
      HttpServletRequest request, HttpServletResponse response, Endpoint<?> endpoint) {
    Endpoint.Packed<?> packed = wantsPacked(request) ? endpoint.packed() : null;
    Way<?, ?> way = packed == null ? Way.inJson(endpoint) : Way.packed(packed);
    Exchange exchange = Exchange.of(request);
    exchange.endpoint(endpoint.path());
    running.incrementAndGet();
    try {
      var call = new Call(request, response, exchange, endpoint, System.nanoTime());
      send(response, way.type(), respond(call, way));
    } finally {
      running.decrementAndGet();
    }
  }

  /** Whether the caller wants the packed form of an answer, and does not take JSON. */
  private static boolean wantsPacked(HttpServletRequest request) {
    String accept = request.getHeader("Accept");
    return accept != null && accept.contains(BYTES) && !accept.contains(JSON);
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

  /** The way from fields to the bytes of an answer. */
  private record Way<Q, A>(
      Function<Fields, Q> read,
      BiFunction<Q, Tally, A> compute,
      Function<A, byte[]> write,
      String type) {

    static <Q> Way<Q, Answer> inJson(Endpoint<Q> endpoint) {
      return new Way<>(endpoint.read(), endpoint.answer(), Answer::toBytes, JSON);
    }

    static <P> Way<P, byte[]> packed(Endpoint.Packed<P> packed) {
      return new Way<>(packed.read(), packed.answer(), Function.identity(), BYTES);
    }
  }

  private record Call(
      HttpServletRequest request,
      HttpServletResponse response,
      Exchange exchange,
      Endpoint<?> endpoint,
      long start) {

    String path() {
      return endpoint.path();
    }
  }

  private byte[] respond(Call call, Way<?, ?> way) {
    HttpServletRequest request = call.request();
    Fields query = QueryString.fields(request.getQueryString());
    long deadline = admission.deadline(request.getHeader(Admission.TIMEOUT), call.start());
    if (!request.getMethod().equals("POST")) {
      return admission.compute(deadline, () -> respond(call, way, query));
    }
    BinaryRows binary = BinaryRows.of(request.getContentType(), query, limits.input());
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
                      way,
                      binary == null
                          ? fields(call, body, length).and(query)
                          : binary.read(body, length, query)));
        });
  }

  private Fields fields(Call call, byte[] body, int length) {
    String type = call.request().getContentType();
    return type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE)
        ? Responses.ofText(reader.readText(body, length))
        : Endpoints.fields(call.endpoint(), reader.readValue(body, length));
  }

  private <Q, A> byte[] respond(Call call, Way<Q, A> way, Fields fields) {
    Exchange exchange = call.exchange();
    var tally = new MeteredTally(meters, call.path(), fields.text("model"), exchange::input);
    Q asked = way.read().apply(fields);
    fields.done();
    long parsed = System.nanoTime();
    A answer = way.compute().apply(asked, tally);
    long computed = System.nanoTime();
    byte[] body = way.write().apply(answer);
    long written = System.nanoTime();
    long parse = parsed - call.start();
    meters.stages(call.path(), parse, computed - parsed, written - computed);
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
}
