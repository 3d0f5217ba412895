package io.tokentropy.web.exchange;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.regex.Pattern;

/** Paths that are served whatever else there is to do. */
public final class Probes {
  /** What Kubernetes and load balancers ask, without a key. */
  public static final Set<String> OPEN =
      Set.of(
          "/health",
          "/livez",
          "/ready",
          "/readyz",
          "/actuator/health",
          "/actuator/health/liveness",
          "/actuator/health/readiness");

  /** What Prometheus asks, with a key where one is wanted. */
  public static final Set<String> SCRAPE = Set.of("/metrics", "/actuator/prometheus");

  /** What is the same for everybody: pages, the contract, and the browser page with its files. */
  private static final Pattern PAGE =
      Pattern.compile(
          "/|/docs|/guide(/[A-Za-z0-9][A-Za-z0-9._-]*)?|/problems(/[a-z_-]+)?|/openapi\\.(json|yaml)|/openapi/from-code/swagger-config"
              + "|/favicon\\.(ico|svg)|/swagger-ui/[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*"
              + "|/playground/[A-Za-z][A-Za-z0-9-]*(\\.[a-z0-9-]+)+");

  private Probes() {}

  /** Whether a page is asked for. */
  public static boolean isPage(HttpServletRequest request) {
    boolean read = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return read && PAGE.matcher(request.getRequestURI()).matches();
  }
}
