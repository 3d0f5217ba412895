package io.tokentropy.asking;

import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.asking.Reply.Usage;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.Retry;
import io.tokentropy.upstream.ServerConfig.Prices;
import io.tokentropy.upstream.ServerConfig.Times;
import io.tokentropy.upstream.ServerKind;
import io.tokentropy.upstream.UpstreamFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A model server with OpenAI's chat completions, whole answers. */
public final class ModelAnswerer implements Answerer {
  private static final String CHAT = "/v1/chat/completions";

  /** What servers take that say nothing of a bound; OpenAI's own is higher. */
  private static final int MOST_CHOICES = 64;

  private static final Duration PROPS = Duration.ofSeconds(2);
  private static final double MILLION = 1e6;

  private final ModelServer server;
  private final Reader reader = new Reader(new JsonLimits(32, 64, 1024, 256L << 20));
  private volatile int slots;

  public ModelAnswerer(ModelServer server) {
    this.server = server;
  }

  @Override
  public String name() {
    return server.config().name();
  }

  /** A llama.cpp server draws at once as many answers as it has slots, and refuses more. */
  @Override
  public int mostChoices() {
    return switch (server.config().kind()) {
      case VLLM, SGLANG, OPENAI -> MOST_CHOICES;
      case OLLAMA -> 1;
      case LLAMACPP -> Math.max(1, slots());
    };
  }

  /** How many slots it has; 0 while it does not say. */
  private int slots() {
    if (slots == 0) {
      try {
        byte[] props = server.get("/props", PROPS);
        slots = reader.read(props, props.length).integer("total_slots", 1);
      } catch (UpstreamFailed | InvalidInput e) {
        return 0;
      }
    }
    return slots;
  }

  @Override
  public Reply answer(Call call) throws CallFailed, InterruptedException {
    Times times = server.config().times();
    try {
      byte[] answer =
          server.post(CHAT, body(call).toBytes(), times.firstToken().plus(times.idle()));
      return reply(reader.read(answer, answer.length));
    } catch (InvalidInput e) {
      throw new CallFailed("gave an answer that cannot be read", false, e);
    } catch (UpstreamFailed e) {
      if (e.why() == UpstreamFailed.Why.ABANDONED && Thread.interrupted()) {
        throw new InterruptedException();
      }
      boolean again = Retry.isWorthIt(e) || e.why() == UpstreamFailed.Why.BUSY;
      throw new CallFailed(String.valueOf(e.getMessage()), again, e);
    }
  }

  private Answer body(Call call) {
    Sampling sampling = call.sampling();
    Answer body =
        new Answer()
            .put("model", server.config().model())
            .put("messages", call.messages().stream().map(ModelAnswerer::message).toList())
            .put("temperature", sampling.temperature())
            .put("top_p", sampling.topP())
            .put("max_tokens", sampling.maxTokens());
    if (call.choices() > 1) {
      body.put("n", call.choices());
    }
    if (!sampling.stop().isEmpty()) {
      body.put("stop", sampling.stop());
    }
    if (sampling.seed().isPresent()) {
      body.put("seed", sampling.seed().getAsLong());
    }
    return call.logprobs() || hidesTokens(call) ? body.put("logprobs", true) : body;
  }

  /** llama.cpp counts the tokens of the first answer only; the others are counted here. */
  private boolean hidesTokens(Call call) {
    return server.config().kind() == ServerKind.LLAMACPP && call.choices() > 1;
  }

  private static Answer message(Message message) {
    return new Answer().put("role", message.role()).put("content", message.content());
  }

  private Reply reply(Fields answer) {
    var choices = new ArrayList<Choice>();
    for (Value each : answer.require("choices").asList()) {
      Fields choice = each.asFields();
      String text = choice.require("message").asFields().text("content");
      double[] logprobs = logprobs(choice.get("logprobs"));
      choices.add(
          new Choice(
              text == null ? "" : text,
              choice.text("finish_reason"),
              logprobs == null ? OptionalInt.empty() : OptionalInt.of(logprobs.length),
              mean(logprobs)));
    }
    Usage usage = usage(answer.get("usage"), choices);
    return new Reply(
        choices, usage, answer.text("model"), answer.text("system_fingerprint"), cost(usage));
  }

  private static double @Nullable [] logprobs(@Nullable Value value) {
    Value content = value == null ? null : value.asFields().get("content");
    if (content == null) {
      return null;
    }
    return content.asList().stream()
        .mapToDouble(token -> token.asFields().number("logprob", 0))
        .toArray();
  }

  private static OptionalDouble mean(double @Nullable [] logprobs) {
    if (logprobs == null || logprobs.length == 0) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    for (double logprob : logprobs) {
      sum += logprob;
    }
    double mean = sum / logprobs.length;
    return Double.isFinite(mean) ? OptionalDouble.of(mean) : OptionalDouble.empty();
  }

  private static @Nullable Usage usage(@Nullable Value value, List<Choice> choices) {
    if (value == null) {
      return null;
    }
    Fields usage = value.asFields();
    Value details = usage.get("prompt_tokens_details");
    int counted = choices.stream().mapToInt(choice -> choice.tokens().orElse(0)).sum();
    return new Usage(
        usage.integer("prompt_tokens", 0),
        details == null ? 0 : details.asFields().integer("cached_tokens", 0),
        Math.max(counted, usage.integer("completion_tokens", 0)));
  }

  /** In the currency of the prices; cached tokens have the full price where none is said. */
  private OptionalDouble cost(@Nullable Usage usage) {
    Prices prices = server.config().prices();
    if (usage == null || prices.input().isEmpty() || prices.output().isEmpty()) {
      return OptionalDouble.empty();
    }
    double input = prices.input().getAsDouble();
    double cached = prices.cachedInput().orElse(input);
    return OptionalDouble.of(
        ((usage.prompt() - usage.cached()) * input
                + usage.cached() * cached
                + usage.completion() * prices.output().getAsDouble())
            / MILLION);
  }
}
