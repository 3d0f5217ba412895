package io.tokentropy.web;

import io.tokentropy.distribution.Interval;
import io.tokentropy.distribution.Row;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.metrics.Meters;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/entropy}. */
@RestController
class EntropyController {
  private static final String PATH = "/v1/entropy";

  private final Calls calls;
  private final InputReader inputs;
  private final Meters meters;

  EntropyController(Calls calls, InputReader inputs, Meters meters) {
    this.calls = calls;
    this.inputs = inputs;
    this.meters = meters;
  }

  @PostMapping(
      path = PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> post(HttpServletRequest request) {
    return calls.answer(request, PATH, this::read, this::answer);
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<byte[]> get(HttpServletRequest request) {
    return calls.answer(request, PATH, this::read, this::answer);
  }

  record Asked(Input input, EntropyUnit unit) {}

  Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    double temperature = fields.number("temperature", 1);
    return new Asked(inputs.read(fields, temperature, unit), unit);
  }

  Answer answer(Asked asked) {
    var data = new ArrayList<Answer>();
    List<Row> rows = asked.input().rows();
    for (int i = 0; i < rows.size(); i++) {
      Interval nats = rows.get(i).entropy();
      meters.entropy(nats.low());
      data.add(new Answer().put("index", i).put("entropy", asked.unit().fromNats(nats.low())));
    }
    meters.rows(PATH, asked.input().kind(), rows.size());
    return Answer.of("list").put("unit", asked.unit().wire()).put("data", data);
  }
}
