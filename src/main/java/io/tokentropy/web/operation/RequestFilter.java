package io.tokentropy.web.operation;

import io.tokentropy.metrics.Meters;
import io.tokentropy.metrics.TraceExemplars;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.wire.Leftovers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.MDC;
import org.springframework.boot.info.BuildProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives every request an id, every answer its headers, and counts the calls of the contract. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestFilter extends OncePerRequestFilter {
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /** W3C Trace Context, version 00. */
  private static final Pattern TRACE = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final String version;
  private final Meters meters;
  private final Paths paths;

  RequestFilter(BuildProperties build, Meters meters, Paths paths) {
    this.paths = paths;
    this.version = String.valueOf(build.getVersion());
    this.meters = meters;
  }

  private void count(ProblemKind problem) {
    switch (problem) {
      case OVERLOADED, DEADLINE_EXCEEDED, REQUEST_TIMEOUT -> meters.shed(problem.code());
      default -> meters.rejected(problem.code());
    }
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String sent = request.getHeader("X-Request-Id");
    String id = sent != null && ID.matcher(sent).matches() ? sent : Exchange.newId();
    Exchange exchange = Exchange.begin(request, id);
    response.setHeader("X-Request-Id", id);
    response.setHeader("X-Tokentropy-Version", version);
    Exchange.protect(response);
    if (request.getMethod().equals("POST")) {
      response.setHeader("Cache-Control", "no-store");
    } else if (request.getMethod().equals("OPTIONS")) {
      List<MediaType> bodies = paths.bodies(request.getRequestURI());
      if (!bodies.isEmpty()) {
        response.setHeader("Accept-Post", MediaType.toString(bodies));
      }
    }
    if (!request.getMethod().equals("POST") && !Leftovers.discard(request)) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    long start = System.nanoTime();
    MDC.put("request_id", id);
    String trace = request.getHeader("traceparent");
    if (trace != null && TRACE.matcher(trace).matches()) {
      MDC.put(TraceExemplars.TRACE, trace.substring(3, 35));
      if ((Character.digit(trace.charAt(54), 16) & 1) == 1) {
        MDC.put(TraceExemplars.SPAN, trace.substring(36, 52));
      }
    }
    try {
      chain.doFilter(request, response);
    } finally {
      ProblemKind problem = exchange.problem();
      if (problem != null) {
        count(problem);
      }
      String endpoint = exchange.endpoint();
      if (endpoint != null) {
        meters.request(endpoint, exchange.input(), response.getStatus(), System.nanoTime() - start);
      }
      MDC.remove("request_id");
      MDC.remove(TraceExemplars.TRACE);
      MDC.remove(TraceExemplars.SPAN);
    }
  }
}
