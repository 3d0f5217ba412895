package io.tokentropy.web;

import io.tokentropy.json.Answer;
import io.tokentropy.metrics.Meters;
import io.tokentropy.truncation.Truncation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/truncation}. */
@RestController
class TruncationController implements Method.Offered {
  static final String PATH = "/v1/truncation";

  private final Calls calls;
  private final InputReader inputs;
  private final Meters meters;

  TruncationController(Calls calls, InputReader inputs, Meters meters) {
    this.calls = calls;
    this.inputs = inputs;
    this.meters = meters;
  }

  @PostMapping(
      path = PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> post(HttpServletRequest request) {
    return calls.answer(
        request,
        PATH,
        fields -> TruncationRequest.read(fields, inputs),
        asked -> answer(request, asked));
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(HttpServletRequest request) {
    return post(request);
  }

  private Answer answer(HttpServletRequest request, TruncationRequest asked) {
    Calls.input(request, asked.input().kind());
    var writer = new TruncationAnswer(asked);
    Answer answer = writer.write();
    String method = TruncationAnswer.label(asked.chain());
    meters.rows(PATH, asked.input().kind(), asked.input().rows().size());
    for (Truncation kept : writer.kept()) {
      meters.kept(method, kept.keptCount(), kept.keptMass());
    }
    return answer;
  }

  @Override
  public List<Method> methods() {
    return TruncationMethods.LIST;
  }
}
