package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.conformal.CalibrateEndpoint;
import io.tokentropy.endpoint.conformal.PredictEndpoint;
import io.tokentropy.endpoint.conformal.WatchEndpoint;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/conformal}: sets of labels. */
@RestController
class ConformalController {
  private final Calls calls;
  private final Endpoint<?> calibrate;
  private final Endpoint<?> predict;
  private final Endpoint<?> watch;

  ConformalController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.calibrate = endpoints.at(CalibrateEndpoint.PATH);
    this.predict = endpoints.at(PredictEndpoint.PATH);
    this.watch = endpoints.at(WatchEndpoint.PATH);
  }

  @PostMapping(
      path = CalibrateEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void calibrate(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, calibrate);
  }

  @PostMapping(
      path = PredictEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void predict(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, predict);
  }

  @PostMapping(
      path = WatchEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void watch(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, watch);
  }
}
