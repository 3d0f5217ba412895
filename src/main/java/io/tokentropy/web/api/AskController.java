package io.tokentropy.web.api;

import io.tokentropy.endpoint.asking.AskEndpoint;
import io.tokentropy.web.call.Asks;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/inv-entropy/ask}. */
@RestController
class AskController {
  private final Asks asks;

  AskController(Asks asks) {
    this.asks = asks;
  }

  @PostMapping(
      path = AskEndpoint.PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
  void post(HttpServletRequest request, HttpServletResponse response) {
    asks.answer(request, response);
  }
}
