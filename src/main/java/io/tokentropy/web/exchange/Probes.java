package io.tokentropy.web.exchange;

import java.util.Set;

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

  private Probes() {}
}
