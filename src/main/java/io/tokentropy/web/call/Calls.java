package io.tokentropy.web.call;

import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.metrics.Meters;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.admission.Dear;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * The way of every call: read the request, compute, write the answer, and say how long each took.
 */
@Component
public class Calls {
  private static final String JSON = MediaType.APPLICATION_JSON_VALUE;
  private static final String BYTES = MediaType.APPLICATION_OCTET_STREAM_VALUE;

  /** Of a shorter answer it is not measured how fast it is read. */
  private static final int AT_ONCE = 32 * 1024;

  private final Bodies bodies;
  private final Ledger ledger;
  private final Admission admission;
  private final Work work;
  private final Limits limits;
  private final Reader reader;
  private final Meters meters;
  private final int slowestReader;
  private final AtomicInteger running = new AtomicInteger();

  Calls(
      Bodies bodies,
      Ledger ledger,
      Admission admission,
      Work work,
      Limits limits,
      Meters meters,
      AdmissionSettings settings) {
    this.bodies = bodies;
    this.ledger = ledger;
    this.meters = meters;
    meters.inFlight(running);
    this.admission = admission;
    this.work = work;
    this.limits = limits;
    this.reader = new Reader(limits.json());
    this.slowestReader = settings.slowestReader();
  }

  /**
   * Answers the body of a request, or its query string where there is no body: in JSON, or packed
   * where the caller asks for that alone and the endpoint has such a form.
   */
  public void answer(
      HttpServletRequest request, HttpServletResponse response, Endpoint<?> endpoint) {
    Endpoint.Packed<?> packed = wantsPacked(request) ? endpoint.packed() : null;
    Way<?> way = packed == null ? Way.inJson(endpoint) : Way.packed(packed);
    Exchange exchange = Exchange.of(request);
    exchange.endpoint(endpoint.path());
    running.incrementAndGet();
    try (Account account = ledger.open()) {
      var call =
          new Call(admission, request, response, exchange, endpoint, account, System.nanoTime());
      Pages pages = new Pages(account);
      respond(call, way, pages);
      send(call, way.type(), pages);
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
  private void send(Call call, String type, Pages pages) {
    HttpServletResponse response = call.response();
    response.setContentType(type);
    response.setContentLengthLong(pages.length());
    try {
      OutputStream out = response.getOutputStream();
      OutputStream paced =
          pages.length() <= AT_ONCE ? out : new Paced(out, Wire.of(call.request()), slowestReader);
      pages.sendTo(paced::write);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The way from fields to the bytes of an answer. */
  private record Way<Q>(
      String type,
      Function<Fields, Q> read,
      Function<Q, Cost> cost,
      Endpoint.@Nullable Await<Q> await,
      Writer<Q> writer) {

    /** Writes an answer; says when it was computed, by {@link System#nanoTime}. */
    interface Writer<Q> {
      long write(Q asked, Tally tally, Pages pages);
    }

    static <Q> Way<Q> inJson(Endpoint<Q> endpoint) {
      return new Way<>(
          JSON,
          endpoint.read(),
          endpoint.cost(),
          endpoint.await(),
          (asked, tally, pages) -> {
            Answer answer = endpoint.answer().apply(asked, tally);
            long computed = System.nanoTime();
            answer.writeTo(pages);
            return computed;
          });
    }

    static <P> Way<P> packed(Endpoint.Packed<P> packed) {
      return new Way<>(
          BYTES,
          packed.read(),
          packed.cost(),
          null,
          (asked, tally, pages) -> {
            pages.add(packed.answer().of(asked, tally, pages));
            return System.nanoTime();
          });
    }
  }

  private record Call(
      Admission admission,
      HttpServletRequest request,
      HttpServletResponse response,
      Exchange exchange,
      Endpoint<?> endpoint,
      Account account,
      long start)
      implements Work.Patient {

    @Override
    public Dear.Patience patience() {
      return admission.patience(
          request.getHeader(Admission.TIMEOUT), start, Wire.of(request)::isGone);
    }

    String path() {
      return endpoint.path();
    }
  }

  private void respond(Call call, Way<?> way, Pages pages) {
    HttpServletRequest request = call.request();
    Fields query = QueryString.fields(request.getQueryString());
    long deadline = admission.deadline(request.getHeader(Admission.TIMEOUT), call.start());
    if (!request.getMethod().equals("POST")) {
      respond(call, way, deadline, () -> query, pages);
      return;
    }
    BinaryRows binary = BinaryRows.of(request.getContentType(), query, limits.input());
    bodies.read(
        request,
        call.account(),
        call.start(),
        binary == null ? length -> {} : binary::requireLength,
        (body, length) -> {
          meters.body(length);
          respond(
              call,
              way,
              deadline,
              () ->
                  binary == null
                      ? fields(call, body, length).and(query)
                      : binary.read(body, length, query),
              pages);
          return pages;
        });
  }

  private Fields fields(Call call, byte[] body, int length) {
    String type = call.request().getContentType();
    return type != null && type.startsWith(MediaType.TEXT_EVENT_STREAM_VALUE)
        ? Responses.ofText(reader.readText(body, length, call.account()))
        : Endpoints.fields(call.endpoint(), reader.readValue(body, length, call.account()));
  }

  private <Q> void respond(
      Call call, Way<Q> way, long deadline, Supplier<Fields> source, Pages pages) {
    try (Admission.Core core = admission.core()) {
      core.enter(deadline);
      Fields fields = source.get();
      Exchange exchange = call.exchange();
      var tally = new MeteredTally(meters, call.path(), fields.text("model"), exchange::input);
      Q asked = way.read().apply(fields);
      fields.done();
      long parsed = System.nanoTime();
      work.compute(
          core,
          call.account(),
          asked,
          way.cost(),
          way.await(),
          call,
          ready -> {
            finish(call, parsed, way.writer().write(ready, tally, pages));
            return pages;
          });
    } finally {
      call.account().giveBackAll(Book.VALUES);
    }
  }

  private void finish(Call call, long parsed, long computed) {
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
  }

  /** With three decimals; a formatter takes longer than a small request. */
  private static String millis(long nanos) {
    long micros = (nanos + 500) / 1000;
    long rest = micros % 1000;
    return micros / 1000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
  }
}
