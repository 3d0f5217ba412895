package io.tokentropy.web;

import io.tokentropy.endpoint.Method;
import io.tokentropy.json.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/entropy}. */
@RestController
class EntropyController implements Method.Offered {
  private static final String PATH = "/v1/entropy";

  private final Calls calls;
  private final InputReader inputs;
  private final Tally tally;

  EntropyController(Calls calls, InputReader inputs, Tally tally) {
    this.calls = calls;
    this.inputs = inputs;
    this.tally = tally;
    calls.offer(PATH, fields -> EntropyRequest.read(fields, inputs), this::answer);
  }

  @PostMapping(
      path = PATH,
      consumes = {
        MediaType.APPLICATION_JSON_VALUE,
        MediaType.APPLICATION_OCTET_STREAM_VALUE,
        BinaryQuery.NPY
      },
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
  void post(HttpServletRequest request, HttpServletResponse response) {
    if (Calls.wantsPacked(request)) {
      calls.answerPacked(
          request,
          response,
          PATH,
          fields -> EntropyRequest.read(fields, inputs),
          asked -> packed(request, asked));
    } else {
      calls.answer(
          request,
          response,
          PATH,
          fields -> EntropyRequest.read(fields, inputs),
          asked -> answer(request, asked));
    }
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  void get(HttpServletRequest request, HttpServletResponse response) {
    post(request, response);
  }

  /** A float32 for each row. */
  private byte[] packed(HttpServletRequest request, EntropyRequest asked) {
    byte[] entropies = EntropyAnswer.packed(asked);
    record(request, asked.input());
    return entropies;
  }

  private Answer answer(HttpServletRequest request, EntropyRequest asked) {
    Answer answer = EntropyAnswer.of(asked);
    record(request, asked.input());
    return answer;
  }

  private void record(HttpServletRequest request, @Nullable Input input) {
    if (input == null) {
      Calls.input(request, "confidences");
    } else {
      tally.input(request, PATH, input);
      tally.entropies(request, input.rows());
    }
  }

  @Override
  public List<Method> methods() {
    return EntropyMethods.LIST;
  }
}
