package io.tokentropy.web.api;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.entropy.EntropyEndpoint;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.web.call.Calls;
import io.tokentropy.web.call.Endpoints;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/entropy}. */
@RestController
class EntropyController {
  private final Calls calls;
  private final Endpoint<?> endpoint;

  EntropyController(Calls calls, Endpoints endpoints) {
    this.calls = calls;
    this.endpoint = endpoints.at(EntropyEndpoint.PATH);
  }

  @PostMapping(
      path = EntropyEndpoint.PATH,
      consumes = {
        MediaType.APPLICATION_JSON_VALUE,
        MediaType.APPLICATION_OCTET_STREAM_VALUE,
        BinaryRows.NPY,
        MediaType.TEXT_EVENT_STREAM_VALUE
      },
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
  void post(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, endpoint);
  }

  @GetMapping(path = EntropyEndpoint.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  void get(HttpServletRequest request, HttpServletResponse response) {
    calls.answer(request, response, endpoint);
  }
}
