package io.tokentropy.web;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/methods}. */
@RestController
class MethodsController {
  private final byte[] answer;

  MethodsController(List<Method.Offered> offers) {
    answer =
        Answer.of("list")
            .put(
                "data",
                offers.stream()
                    .flatMap(offer -> offer.methods().stream())
                    .map(Method::toAnswer)
                    .toList())
            .toBytes();
  }

  @GetMapping(path = "/v1/methods", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] methods() {
    return answer;
  }
}
