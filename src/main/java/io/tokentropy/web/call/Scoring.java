package io.tokentropy.web.call;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.endpoint.score.ScoreEndpoint;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.admission.Admission;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.springframework.stereotype.Component;

/** What {@code /v1/score} answers for a response that came by another way. */
@Component
public class Scoring {
  private static final byte[] SMALLEST =
      ("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a\"},"
              + "\"logprobs\":{\"content\":[{\"token\":\"a\",\"bytes\":[97],\"logprob\":-1,"
              + "\"top_logprobs\":[{\"token\":\"a\",\"bytes\":[97],\"logprob\":-1}]}]}}]}")
          .getBytes(StandardCharsets.UTF_8);

  private final Endpoint<?> endpoint;
  private final Admission admission;
  private final Work work;
  private final Limits limits;
  private final Reader reader;

  Scoring(Endpoints endpoints, Admission admission, Work work, Limits limits) {
    this.endpoint = endpoints.at(ScoreEndpoint.PATH);
    this.admission = admission;
    this.work = work;
    this.limits = limits;
    this.reader = new Reader(limits.json());
  }

  /**
   * Refuses options with which no response could be scored.
   *
   * @param options the fields of {@code /v1/score} but for the response
   * @throws InvalidInput at the first of them that cannot be used
   */
  public void require(Fields options) {
    for (String name : List.of("openai", "windows")) {
      Value own = options.get(name);
      if (own != null) {
        throw new InvalidInput.UnknownField(
            own.pointer(), "what is scored is the answer; expected options alone");
      }
    }
    ScoreEndpoint.requireSpans(options, limits.score());
    Fields fields = fields(reader.readValue(SMALLEST, SMALLEST.length), options);
    fields.text("model");
    try {
      var _ = endpoint.read().apply(fields);
    } catch (InvalidInput e) {
      String place = e.pointer();
      boolean ofTheText =
          List.of("/spans", "/choice").stream()
              .anyMatch(name -> place.startsWith(options.pointer() + name));
      if (place.startsWith(options.pointer() + "/") && !ofTheText) {
        throw e;
      }
    }
    fields.done();
  }

  private static Fields fields(Value response, Fields options) {
    return options.and(Responses.ofText(response));
  }

  /**
   * The answer of {@code /v1/score}, in JSON; computed on a core.
   *
   * @param response as the server sent it
   * @param events whether that is the text of a stream
   * @param vocabSize of the model, where the options name none
   * @param account holds what it takes, and the answer
   * @throws InvalidInput if there is something in it that cannot be scored
   * @throws io.tokentropy.web.problem.Refused if there is no core or no room for it
   */
  public byte[] score(
      byte[] response,
      boolean events,
      Fields options,
      OptionalInt vocabSize,
      Account account,
      long deadline) {
    try (Admission.Core core = admission.core()) {
      core.enter(deadline);
      Value value =
          events
              ? reader.readText(response, response.length, account)
              : reader.readValue(response, response.length, account);
      Fields fields = fields(value, options);
      if (vocabSize.isPresent() && !options.has("vocab_size")) {
        String size = Integer.toString(vocabSize.getAsInt());
        fields = fields.and(Fields.ofQuery(Map.of("vocab_size", size)));
      }
      byte[] score =
          work.answer(
                  endpoint,
                  fields,
                  core,
                  account,
                  () -> admission.patience(null, System.nanoTime(), () -> false))
              .toBytes();
      account.take(Book.ANSWERS, score.length);
      return score;
    } finally {
      account.giveBackAll(Book.VALUES);
    }
  }
}
