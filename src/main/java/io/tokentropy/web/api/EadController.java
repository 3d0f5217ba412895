package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.switching.CalibrationEndpoint;
import io.tokentropy.endpoint.switching.EadEndpoint;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/ead} and {@code /v1/ead/calibrate}. */
@RestController
class EadController {
  private final Calls calls;
  private final Endpoint<?> ead;
  private final Endpoint<?> calibration;

  EadController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.ead = endpoints.at(EadEndpoint.PATH);
    this.calibration = endpoints.at(CalibrationEndpoint.PATH);
  }

  @PostMapping(
      path = EadEndpoint.PATH,
      consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE},
      produces = MediaType.APPLICATION_JSON_VALUE)
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, ead);
  }

  @PostMapping(
      path = CalibrationEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void calibrate(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, calibration);
  }
}
