package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.calibration.ApplyEndpoint;
import io.tokentropy.endpoint.calibration.FitEndpoint;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/calibration}: scores as confidences. */
@RestController
class CalibrationController {
  private final Calls calls;
  private final Endpoint<?> fit;
  private final Endpoint<?> apply;

  CalibrationController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.fit = endpoints.at(FitEndpoint.PATH);
    this.apply = endpoints.at(ApplyEndpoint.PATH);
  }

  @PostMapping(
      path = FitEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void fit(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, fit);
  }

  @PostMapping(
      path = ApplyEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void apply(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, apply);
  }
}
