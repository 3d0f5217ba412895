package io.tokentropy.web.admission;

import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.exchange.Probes;
import io.tokentropy.web.problem.Refused;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps threads free for the probes and the scrape: calls beyond the bound are refused before
 * anything of them is read.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 20)
class CallFilter extends OncePerRequestFilter {
  private final Admission admission;

  CallFilter(Admission admission) {
    this.admission = admission;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return Probes.OPEN.contains(path) || Probes.SCRAPE.contains(path) || Probes.isPage(request);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Wire wire = Wire.of(request);
    Admission.Place place;
    try {
      place = admission.call(wire::hurryOthers);
    } catch (Refused e) {
      Exchange.refuse(request, response, e.problem());
      return;
    }
    try (place;
        Wire.Waiting _ = wire.waiting()) {
      chain.doFilter(request, response);
      wire.finish();
    }
  }
}
