package io.tokentropy.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
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
  private static final Set<String> SCRAPE = Set.of("/metrics", "/actuator/prometheus");

  private final Admission admission;

  CallFilter(Admission admission) {
    this.admission = admission;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return AuthFilter.OPEN.contains(path) || SCRAPE.contains(path);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Admission.Place place;
    try {
      place = admission.call();
    } catch (Admission.Refused e) {
      Problems.send(request, response, e);
      return;
    }
    try (place) {
      chain.doFilter(request, response);
    }
  }
}
