package io.tokentropy.web.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells browsers that pages of the configured origins may read answers (CORS). It comes before keys
 * are asked for, as a browser's preliminary question carries none. Cookies are never allowed.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class CorsFilter extends OncePerRequestFilter {
  private static final String SENT =
      "Authorization, Content-Type, Accept, X-Request-Id, X-Request-Timeout-Ms, traceparent";
  private static final String READ =
      "X-Request-Id, X-Tokentropy-Version, Server-Timing, Retry-After, Allow";

  private final CorsSettings settings;

  CorsFilter(CorsSettings settings) {
    this.settings = settings;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return settings.origins().isEmpty();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (origin == null || !settings.allow(origin)) {
      chain.doFilter(request, response);
      return;
    }
    response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.setHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, READ);
    @Nullable String asked = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    if (request.getMethod().equals("OPTIONS") && asked != null) {
      response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, POST");
      response.setHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, SENT);
      response.setHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "3600");
      response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    chain.doFilter(request, response);
  }
}
