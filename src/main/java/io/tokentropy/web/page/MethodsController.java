package io.tokentropy.web.page;

import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.asking.AskMethods;
import io.tokentropy.json.Answer;
import io.tokentropy.web.call.Endpoints;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/methods}. */
@RestController
class MethodsController {
  private final byte[] answer;

  MethodsController(Endpoints endpoints) {
    answer =
        Answer.of("list")
            .put(
                "data",
                Stream.concat(
                        endpoints.all().stream().flatMap(endpoint -> endpoint.methods().stream()),
                        AskMethods.LIST.stream())
                    .map(Method::toAnswer)
                    .toList())
            .toBytes();
  }

  @GetMapping(path = "/v1/methods", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] methods() {
    return answer;
  }
}
