package io.tokentropy.gateway.engine;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.upstream.ModelServer;
import java.util.Map;
import java.util.OptionalInt;

/** vLLM: {@code /v1/completions} continues ids, and sends them where that is asked for. */
final class VllmEngine implements Engine {
  private final Client client;
  private final OptionalInt vocabSize;

  /** Tokens of prompt and answer together; 0 until the server was asked. */
  private volatile int context;

  VllmEngine(ModelServer server) {
    this.client = new Client(server);
    this.vocabSize = server.config().vocabSize();
  }

  @Override
  public int vocabSize() {
    return vocabSize.orElse(Integer.MAX_VALUE);
  }

  @Override
  public int[] render(Prompt prompt, Deadline deadline) throws EngineFailed {
    Answer body = new Answer().put("model", client.model());
    switch (prompt) {
      case Prompt.Ids(int[] ids) -> {
        return ids;
      }
      case Prompt.Text(String text) -> body.put("prompt", text).put("add_special_tokens", true);
      case Prompt.Chat chat ->
          body.put("messages", Client.messages(chat)).put("add_generation_prompt", true);
    }
    return client.post("/tokenize", body, deadline, answer -> Client.ids(answer.require("tokens")));
  }

  @Override
  public Stint open(StintRequest request, Deadline deadline) throws EngineFailed {
    Sampling sampling = request.sampling();
    OptionalInt most = request.maxTokens();
    Answer body =
        new Answer()
            .put("model", client.model())
            .put("prompt", request.ids())
            .put("max_tokens", most.isPresent() ? most.getAsInt() : room(request.ids(), deadline))
            .put("stream", true)
            .put("stream_options", new Answer().put("include_usage", true))
            .put("logprobs", BEST)
            .put("return_token_ids", true)
            .put("return_tokens_as_token_ids", true)
            .put("temperature", sampling.temperature())
            .put("top_p", sampling.topP())
            .put("top_k", sampling.topK())
            .put("min_p", sampling.minP());
    request.seed().ifPresent(seed -> body.put("seed", seed));
    if (!sampling.logitBias().isEmpty()) {
      body.put("logit_bias", byId(sampling.logitBias()));
    }
    if (!sampling.stopTokenIds().isEmpty()) {
      body.put("stop_token_ids", sampling.stopTokenIds());
    }
    return new VllmStint(
        client.stream("/v1/completions", body, deadline), vocabSize, request.ids().length);
  }

  private static Answer byId(Map<Integer, Double> bias) {
    var fields = new Answer();
    bias.forEach((id, value) -> fields.put(id.toString(), value.doubleValue()));
    return fields;
  }

  /** How many tokens still fit; without a number it would write sixteen. */
  private int room(int[] ids, Deadline deadline) throws EngineFailed {
    if (context == 0) {
      context = client.get("/v1/models", deadline, this::context);
    }
    return Math.max(1, context - ids.length);
  }

  private int context(Fields models) {
    int any = Integer.MAX_VALUE;
    for (Value model : models.list("data")) {
      Fields fields = model.asFields();
      int length = fields.integer("max_model_len", Integer.MAX_VALUE);
      if (client.model().equals(fields.text("id"))) {
        return length;
      }
      any = Math.min(any, length);
    }
    return any;
  }
}
