package io.tokentropy.web.exchange;

import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.wire.Leftovers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * One request and what is known of it so far: its id, and for meters the endpoint, the kind of
 * input and the problem, if there is one. It travels with the request, which one thread holds at a
 * time.
 */
public final class Exchange {
  /** Paths whose callers are clients of OpenAI, and read an {@code error}. */
  public static final Set<String> FOR_CLIENTS =
      Set.of("/v1/chat/completions", "/v1/completions", "/v1/models");

  private static final String ATTRIBUTE = Exchange.class.getName();

  private final String id;
  private @Nullable String endpoint;
  private String input = "none";
  private @Nullable ProblemKind problem;

  private Exchange(String id) {
    this.id = id;
  }

  /** The exchange of a request, with an id of ours if it has none yet. */
  public static Exchange of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Exchange known
        ? known
        : begin(request, newId());
  }

  /** Begins an exchange under an id. */
  public static Exchange begin(HttpServletRequest request, String id) {
    var exchange = new Exchange(id);
    request.setAttribute(ATTRIBUTE, exchange);
    return exchange;
  }

  /** 32 hex digits: an id, not a secret, for which threads would wait for one another. */
  public static String newId() {
    var random = ThreadLocalRandom.current();
    return HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }

  /** The headers of every answer, whoever writes it. */
  public static void protect(HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("X-Frame-Options", "DENY");
    response.setHeader("Referrer-Policy", "no-referrer");
  }

  public String id() {
    return id;
  }

  /** The path, if this is a call of the contract. */
  public @Nullable String endpoint() {
    return endpoint;
  }

  public void endpoint(String path) {
    endpoint = path;
  }

  /** The kind of input; {@code none} until it was read. */
  public String input() {
    return input;
  }

  public void input(String kind) {
    input = kind;
  }

  /** Why the request is refused; null if it is not. */
  public @Nullable ProblemKind problem() {
    return problem;
  }

  /** Answers with a problem, and takes from the connection what is left of the request. */
  public static void refuse(
      HttpServletRequest request, HttpServletResponse response, Problem problem)
      throws IOException {
    Exchange exchange = of(request);
    byte[] body =
        FOR_CLIENTS.contains(request.getRequestURI())
            ? problem.toBytesForClients(exchange.id)
            : problem.toBytes(exchange.id);
    if (!Leftovers.discard(request)) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    exchange.problem = problem.kind();
    OptionalInt later = problem.kind().retryAfter();
    if (later.isPresent()) {
      response.setHeader(HttpHeaders.RETRY_AFTER, Integer.toString(later.getAsInt()));
    }
    response.setStatus(problem.kind().status);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }
}
