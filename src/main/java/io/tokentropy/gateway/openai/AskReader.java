package io.tokentropy.gateway.openai;

import io.tokentropy.gateway.StopStrings;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import io.tokentropy.gateway.openai.Asked.Form;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a request to a pair that switches. Unlike a server, it refuses what it does
 * not know: one of two servers might heed what the other passes over.
 */
public final class AskReader {
  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_LENGTH = 1024;

  /** Of completions, where the request says nothing; as OpenAI's. */
  private static final int DEFAULT_TOKENS = 16;

  private final Shape shape;
  private final int maxChoices;

  /**
   * @param maxChoices how many answers one request may have
   */
  public AskReader(Shape shape, int maxChoices) {
    this.shape = shape;
    this.maxChoices = maxChoices;
  }

  /**
   * Reads all but {@code model} and {@code tokentropy}.
   *
   * @throws InvalidInput naming the first field that cannot be used
   */
  public Asked read(Fields fields, boolean explain) {
    Prompt prompt = shape == Shape.CHAT ? chat(fields) : text(fields.require("prompt"));
    int choices = fields.integer("n", 1);
    if (choices < 1 || choices > maxChoices) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("n"), choices, "between 1 and " + maxChoices);
    }
    fields.get("user");
    fields.get("metadata");
    return new Asked(
        prompt,
        maxTokens(fields),
        sampling(fields),
        new StopStrings(stops(fields)),
        choices,
        seed(fields),
        form(fields, explain));
  }

  private Form form(Fields fields, boolean explain) {
    boolean stream = fields.flag("stream", false);
    Value options = fields.get("stream_options");
    boolean usage = false;
    if (options != null) {
      Fields asked = options.asFields();
      usage = asked.flag("include_usage", false);
      asked.flag("include_obfuscation", false);
      asked.done();
    }
    return new Form(shape, stream, usage, logprobs(fields), explain);
  }

  private OptionalInt logprobs(Fields fields) {
    if (shape == Shape.COMPLETION) {
      OptionalInt count = fields.integer("logprobs");
      count.ifPresent(found -> requireCount(fields.pointer("logprobs"), found));
      return count;
    }
    OptionalInt count = fields.integer("top_logprobs");
    if (!fields.flag("logprobs", false)) {
      if (count.isPresent()) {
        throw new InvalidInput.ConflictingInputs(
            fields.pointer("top_logprobs"), "expected logprobs to be true beside it");
      }
      return OptionalInt.empty();
    }
    requireCount(fields.pointer("top_logprobs"), count.orElse(0));
    return OptionalInt.of(count.orElse(0));
  }

  private static void requireCount(String pointer, int count) {
    if (count < 0 || count > Engine.BEST) {
      throw new InvalidInput.ParameterOutOfRange(pointer, count, "between 0 and " + Engine.BEST);
    }
  }

  private OptionalInt maxTokens(Fields fields) {
    Value own = fields.get("max_completion_tokens");
    Value old = fields.get("max_tokens");
    Value most = own == null ? old : own;
    if (most == null) {
      return shape == Shape.CHAT ? OptionalInt.empty() : OptionalInt.of(DEFAULT_TOKENS);
    }
    if (own != null && old != null && own.asInt() != old.asInt()) {
      throw new InvalidInput.ConflictingInputs(
          old.pointer(), "max_completion_tokens says another number");
    }
    if (most.asInt() < 1) {
      throw new InvalidInput.ParameterOutOfRange(most.pointer(), most.asInt(), "at least 1");
    }
    return OptionalInt.of(most.asInt());
  }

  private static OptionalLong seed(Fields fields) {
    Value seed = fields.get("seed");
    return seed == null ? OptionalLong.empty() : OptionalLong.of(seed.asLong());
  }

  private static List<String> stops(Fields fields) {
    Value stop = fields.get("stop");
    if (stop == null) {
      return List.of();
    }
    List<Value> all = stop instanceof Value.Text ? List.of(stop) : stop.asList();
    if (all.size() > MAX_STOPS) {
      throw new InvalidInput.ParameterOutOfRange(
          stop.pointer(), all.size() + " texts", "at most " + MAX_STOPS);
    }
    var texts = new ArrayList<String>();
    for (Value value : all) {
      String text = value.asText();
      if (text.isEmpty() || text.length() > MAX_STOP_LENGTH) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer(),
            text.length() + " characters",
            "at least 1 and at most " + MAX_STOP_LENGTH);
      }
      texts.add(text);
    }
    return texts;
  }

  private static Sampling sampling(Fields fields) {
    return new Sampling(
        ranged(fields, "temperature", 0, Double.MAX_VALUE),
        ranged(fields, "top_p", 0, 1),
        fields.integer("top_k"),
        ranged(fields, "min_p", 0, 1),
        bias(fields.get("logit_bias")),
        fields.list("stop_token_ids").stream().map(Value::asInt).toList());
  }

  private static OptionalDouble ranged(Fields fields, String name, double least, double most) {
    OptionalDouble number = fields.number(name);
    if (number.isPresent() && !(number.getAsDouble() >= least && number.getAsDouble() <= most)) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer(name),
          number.getAsDouble(),
          most == Double.MAX_VALUE ? "at least " + least : "between " + least + " and " + most);
    }
    return number;
  }

  private static Map<Integer, Double> bias(@Nullable Value value) {
    var bias = new HashMap<Integer, Double>();
    if (value == null) {
      return bias;
    }
    if (!(value instanceof Value.Obj object)) {
      throw value.wrongType("an object of token ids");
    }
    object
        .fields()
        .forEach(
            (id, added) -> {
              if (!id.matches("\\d{1,9}")) {
                throw new InvalidInput.ParameterOutOfRange(added.pointer(), id, "a token id");
              }
              bias.put(Integer.valueOf(id), added.asNumber());
            });
    return bias;
  }

  private static Prompt chat(Fields fields) {
    var messages = new ArrayList<Prompt.Message>();
    for (Value value : fields.require("messages").asList()) {
      Fields message = value.asFields();
      messages.add(
          new Prompt.Message(
              message.require("role").asText(), content(message.require("content"))));
      message.done();
    }
    if (messages.isEmpty()) {
      throw new InvalidInput.MissingInput(fields.pointer("messages"), "the list is empty");
    }
    return new Prompt.Chat(messages);
  }

  /** A text, or parts that are all text. */
  private static String content(Value content) {
    if (content instanceof Value.Text(String at, String text)) {
      return text;
    }
    var text = new StringBuilder();
    for (Value part : content.asList()) {
      Fields fields = part.asFields();
      fields.require("type");
      text.append(fields.require("text").asText());
      fields.done();
    }
    return text.toString();
  }

  private static Prompt text(Value prompt) {
    if (prompt instanceof Value.Text(String at, String text)) {
      return new Prompt.Text(text);
    }
    List<Value> list = prompt.asList();
    if (list.size() == 1 && !(list.getFirst() instanceof Value.Num)) {
      return text(list.getFirst());
    }
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(prompt.pointer(), "the list is empty");
    }
    int[] ids = list.stream().mapToInt(Value::asInt).toArray();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new InvalidInput.ParameterOutOfRange(
            prompt.pointer() + "/" + i, ids[i], "a token id");
      }
    }
    return new Prompt.Ids(ids);
  }
}
