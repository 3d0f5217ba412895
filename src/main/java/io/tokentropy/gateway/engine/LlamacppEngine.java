package io.tokentropy.gateway.engine;

import io.tokentropy.json.Answer;
import io.tokentropy.upstream.ModelServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** llama.cpp's own paths: {@code /completion} continues ids and sends them. */
final class LlamacppEngine implements Engine {
  /** Its seeds have 32 bits, of which the greatest means none. */
  private static final long SEEDS = 0x7fff_ffffL;

  private final Client client;
  private final OptionalInt vocabSize;

  LlamacppEngine(ModelServer server) {
    this.client = new Client(server);
    this.vocabSize = server.config().vocabSize();
  }

  @Override
  public int vocabSize() {
    return vocabSize.orElse(Integer.MAX_VALUE);
  }

  @Override
  public int[] render(Prompt prompt, Deadline deadline) throws EngineFailed {
    return switch (prompt) {
      case Prompt.Ids(int[] ids) -> ids;
      case Prompt.Text(String text) -> tokenize(text, true, false, deadline);
      case Prompt.Chat chat -> {
        String text =
            client.post(
                "/apply-template",
                new Answer().put("messages", Client.messages(chat)),
                deadline,
                answer -> answer.require("prompt").asText());
        yield withoutDouble(tokenize(text, true, true, deadline));
      }
    };
  }

  /**
   * Templates write the beginning of text that the tokenizer puts there as well: no other token
   * stands first twice.
   */
  private static int[] withoutDouble(int[] ids) {
    return ids.length > 1 && ids[0] == ids[1] ? Arrays.copyOfRange(ids, 1, ids.length) : ids;
  }

  private int[] tokenize(String text, boolean beginning, boolean special, Deadline deadline)
      throws EngineFailed {
    return client.post(
        "/tokenize",
        new Answer()
            .put("content", text)
            .put("add_special", beginning)
            .put("parse_special", special),
        deadline,
        answer -> Client.ids(answer.require("tokens")));
  }

  /** The ids that spell a piece of text, none of which came with it. */
  int[] ids(byte[] piece, Deadline deadline) throws EngineFailed {
    String text = new String(piece, StandardCharsets.UTF_8);
    int[] ids = tokenize(text, false, false, deadline);
    String back =
        client.post(
            "/detokenize",
            new Answer().put("tokens", ids),
            deadline,
            answer -> answer.require("content").asText());
    if (ids.length == 0 || !back.equals(text)) {
      throw new EngineFailed(
          EngineFailed.Fault.MALFORMED, "sent a character whose tokens cannot be found");
    }
    return ids;
  }

  @Override
  public Stint open(StintRequest request, Deadline deadline) throws EngineFailed {
    Sampling sampling = request.sampling();
    Answer body =
        new Answer()
            .put("prompt", request.ids())
            .put("n_predict", request.maxTokens().orElse(-1))
            .put("n_probs", BEST)
            .put("stream", true)
            .put("return_tokens", true)
            .put("cache_prompt", true)
            .put("temperature", sampling.temperature())
            .put("top_p", sampling.topP())
            .put("top_k", sampling.topK())
            .put("min_p", sampling.minP());
    request.seed().ifPresent(seed -> body.put("seed", seed & SEEDS));
    if (!sampling.logitBias().isEmpty()) {
      body.put("logit_bias", pairs(sampling.logitBias()));
    }
    Events events = client.stream("/completion", body, deadline);
    return new LlamacppStint(
        events, vocabSize, sampling.stopTokenIds(), piece -> ids(piece, deadline));
  }

  private static List<List<Number>> pairs(Map<Integer, Double> bias) {
    return bias.entrySet().stream()
        .map(each -> List.<Number>of(each.getKey(), each.getValue()))
        .toList();
  }
}
