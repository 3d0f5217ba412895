package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.perturbation.PerturbationsEndpoint;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/perturbations}. */
@RestController
class PerturbationsController {
  private final Calls calls;
  private final Endpoint<?> endpoint;

  PerturbationsController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.endpoint = endpoints.at(PerturbationsEndpoint.PATH);
  }

  @PostMapping(
      path = PerturbationsEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, endpoint);
  }
}
