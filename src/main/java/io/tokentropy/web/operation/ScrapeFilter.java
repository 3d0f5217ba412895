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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A scrape is larger than what a connection takes at once, so it may have to wait for its reader: a
 * few may do so at a time. After the keys were asked for, so that a stranger takes no place.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class ScrapeFilter extends OncePerRequestFilter {
  static final int PLACES = 8;

  private final Semaphore places = new Semaphore(PLACES);
  private final Predicate<String> scrape;

  @Autowired
  ScrapeFilter() {
    this(Probes.SCRAPE::contains);
  }

  ScrapeFilter(Predicate<String> scrape) {
    this.scrape = scrape;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !scrape.test(request.getRequestURI());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!places.tryAcquire()) {
      String detail = PLACES + " scrapes are open already";
      Exchange.refuse(request, response, Problem.of(ProblemKind.OVERLOADED, detail));
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
