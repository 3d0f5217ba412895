package io.tokentropy.gateway.openai;

import io.tokentropy.gateway.Ended;
import io.tokentropy.json.Answer;
import java.util.List;

/**
 * What all parts of an answer share.
 *
 * @param id of the answer, without what every id of its shape begins with
 * @param created in seconds of Unix time
 * @param model that the client named
 */
public record Head(String id, long created, String model) {
  Answer of(Shape shape, String object) {
    return new Answer()
        .put("id", shape.prefix + id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  /** What some answers took, in tokens that the client was sent. */
  static Answer usage(List<Ended> answers) {
    int prompt = answers.getFirst().promptTokens();
    int completion = answers.stream().mapToInt(Ended::tokens).sum();
    return new Answer()
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", prompt + completion);
  }
}
