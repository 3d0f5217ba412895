package io.tokentropy.web.operation;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tokentropy.json.Answer;
import io.tokentropy.kernel.Kernel;
import java.util.Map;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes by which the service is operated. */
@RestController
class ServiceController {
  private final ApplicationAvailability availability;
  private final WarmUp warmUp;
  private final BuildProperties build;
  private final PrometheusMeterRegistry registry;

  ServiceController(
      ApplicationAvailability availability,
      WarmUp warmUp,
      BuildProperties build,
      PrometheusMeterRegistry registry) {
    this.availability = availability;
    this.warmUp = warmUp;
    this.build = build;
    this.registry = registry;
  }

  @GetMapping(
      path = {"/health", "/livez"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> live() {
    boolean live = availability.getLivenessState() == LivenessState.CORRECT;
    return status(live, live ? "alive" : "broken");
  }

  @GetMapping(
      path = {"/ready", "/readyz"},
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> ready() {
    boolean ready = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    String state = ready ? "ready" : warmUp.isDone() ? "shutting down" : "warming up";
    return status(ready, state);
  }

  private static ResponseEntity<byte[]> status(boolean good, String state) {
    return ResponseEntity.status(good ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .contentType(MediaType.APPLICATION_JSON)
        .body(new Answer().put("status", good ? "UP" : "DOWN").put("state", state).toBytes());
  }

  @GetMapping(path = "/version", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] version() {
    return new Answer()
        .put("name", "tokentropy")
        .put("version", build.getVersion())
        .put("jdk", Runtime.version().toString())
        .put("kernel", Kernel.best().describe())
        .toBytes();
  }

  /** The same scrape as {@code /actuator/prometheus}, on the path that Prometheus tries first. */
  @GetMapping("/metrics")
  ResponseEntity<String> metrics() {
    return ResponseEntity.ok()
        .contentType(
            new MediaType(MediaType.TEXT_PLAIN, Map.of("version", "0.0.4", "charset", "utf-8")))
        .body(registry.scrape());
  }
}
