package io.tokentropy.web;

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
 * Keeps threads free for the probes: calls beyond the bound are refused before anything of them is
 * read.
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
    return !request.getRequestURI().startsWith("/v1/");
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
