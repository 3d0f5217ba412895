package io.tokentropy.web;

import io.tokentropy.endpoint.Method;
import io.tokentropy.endpoint.Workers;
import io.tokentropy.endpoint.truncation.SamplerForms;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.metrics.Meters;
import io.tokentropy.truncation.Truncation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /v1/truncation}. */
@RestController
class TruncationController implements Method.Offered {
  static final String PATH = SamplerForms.PATH;

  private final Calls calls;
  private final InputReader inputs;
  private final Workers workers;
  private final Meters meters;
  private final Tally tally;

  TruncationController(
      Calls calls, InputReader inputs, Workers workers, Meters meters, Tally tally) {
    this.tally = tally;
    this.calls = calls;
    this.inputs = inputs;
    this.workers = workers;
    this.meters = meters;
    calls.offer(PATH, fields -> TruncationRequest.read(fields, inputs), this::answer);
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
          request, response, PATH, this::readPacked, asked -> packed(request, asked));
    } else {
      calls.answer(
          request,
          response,
          PATH,
          fields -> TruncationRequest.read(fields, inputs),
          asked -> answer(request, asked));
    }
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  void get(HttpServletRequest request, HttpServletResponse response) {
    post(request, response);
  }

  /** A packed answer: ids, or a bit for each token. */
  private enum Format {
    IDS,
    BITMASK;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private record Packed(TruncationRequest asked, Format format) {}

  private Packed readPacked(Fields fields) {
    Format format = fields.word("format", Format.IDS, Format::wire);
    return new Packed(TruncationRequest.read(fields, inputs), format);
  }

  private byte[] packed(HttpServletRequest request, Packed packed) {
    var writer = new TruncationAnswer(packed.asked(), workers);
    byte[] bytes = writer.packed(packed.format() == Format.BITMASK);
    record(request, packed.asked(), writer.kept());
    return bytes;
  }

  private Answer answer(HttpServletRequest request, TruncationRequest asked) {
    var writer = new TruncationAnswer(asked, workers);
    Answer answer = writer.write();
    record(request, asked, writer.kept());
    return answer;
  }

  private void record(
      HttpServletRequest request, TruncationRequest asked, List<Truncation> truncations) {
    tally.input(request, PATH, asked.input());
    String method = asked.chain().label();
    for (Truncation kept : truncations) {
      meters.kept(method, kept.keptCount(), kept.keptMass());
    }
  }

  @Override
  public List<Method> methods() {
    return SamplerForms.methods();
  }
}
