package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.ensemble.EnsembleEndpoint;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/ensemble}. */
@RestController
class EnsembleController {
  private final Calls calls;
  private final Endpoint<?> endpoint;

  EnsembleController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.endpoint = endpoints.at(EnsembleEndpoint.PATH);
  }

  @PostMapping(
      path = EnsembleEndpoint.PATH,
      consumes = {
        MediaType.APPLICATION_JSON_VALUE,
        MediaType.APPLICATION_OCTET_STREAM_VALUE,
        BinaryRows.NPY
      },
      produces = MediaType.APPLICATION_JSON_VALUE)
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, endpoint);
  }
}
