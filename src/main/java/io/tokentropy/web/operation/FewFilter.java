package io.tokentropy.web.operation;

import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.exchange.Probes;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A scrape or a page is larger than what a connection takes at once, so it may have to wait for its
 * reader: a few may do so at a time, and take no place from the calls. After the keys were asked
 * for, so that a stranger takes no place among the scrapes.
 */
class FewFilter extends OncePerRequestFilter {
  private static final int SCRAPES = 8;
  private static final int PAGES = 32;

  /** Threads that these may hold. */
  static final int PLACES = SCRAPES + PAGES;

  private final String what;
  private final int most;
  private final Semaphore places;
  private final Predicate<HttpServletRequest> few;

  private FewFilter(String what, int most, Predicate<HttpServletRequest> few) {
    this.what = what;
    this.most = most;
    this.places = new Semaphore(most);
    this.few = few;
  }

  /** On the management port everything but the probes. */
  static FewFilter ofManagement() {
    return new FewFilter(
        "scrapes", SCRAPES, request -> !Probes.OPEN.contains(request.getRequestURI()));
  }

  @Component
  @Order(Ordered.HIGHEST_PRECEDENCE + 20)
  static class Scrapes extends FewFilter {
    Scrapes() {
      super("scrapes", SCRAPES, request -> Probes.SCRAPE.contains(request.getRequestURI()));
    }
  }

  @Component
  @Order(Ordered.HIGHEST_PRECEDENCE + 20)
  static class Pages extends FewFilter {
    Pages() {
      super("pages", PAGES, Probes::isPage);
    }
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !few.test(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!places.tryAcquire()) {
      Problem full = Problem.of(ProblemKind.OVERLOADED, most + " " + what + " are open already");
      Exchange.refuse(request, response, full);
      return;
    }
    Wire wire = Wire.of(request);
    try (Wire.Waiting _ = wire.waiting()) {
      chain.doFilter(request, response);
      wire.finish();
    } finally {
      places.release();
    }
  }
}
