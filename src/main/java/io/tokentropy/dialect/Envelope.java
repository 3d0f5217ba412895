package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Responses within something else, or less than a response: what a batch file, an SDK or a
 * framework makes of one, or the part of it that somebody copied. Each is brought back to the shape
 * that its server wrote.
 */
final class Envelope {
  private static final List<String> METADATA =
      List.of("response_metadata", "responseMetadata", "generation_info", "generationInfo");
  private static final List<String> GEMINI = List.of("logprobs_result", "logprobsResult");
  private static final List<String> USAGE = List.of("token_usage", "usage", "tokenUsage");

  private Envelope() {}

  /** The response itself; what is no envelope stays as it is. */
  static Value open(Value chunk) {
    Value found = chunk;
    Value inner = inner(chunk);
    while (inner != null) {
      found = inner;
      inner = inner(found);
    }
    return whole(found);
  }

  /** What a wrapper holds; null where there is no wrapper. */
  private static @Nullable Value inner(Value chunk) {
    Map<String, Value> fields = Loose.fields(chunk);
    Value batch = Loose.down(chunk, "response", "body");
    if (batch != null) {
      return batch;
    }
    Value additional = Loose.child(chunk, "additionalModelResponseFields");
    if (additional != null && fields.containsKey("output")) {
      return additional;
    }
    Value arguments = Loose.child(chunk, "kwargs");
    return arguments != null && fields.containsKey("lc") ? arguments : null;
  }

  /** The response of which a part was copied. */
  private static Value whole(Value chunk) {
    Map<String, Value> fields = Loose.fields(chunk);
    if (fields.containsKey("choices")) {
      return chunk;
    }
    List<Value> generations = Loose.list(fields.get("generations"));
    if (!generations.isEmpty() && generations.getFirst().isList()) {
      List<Value> all = generations.stream().flatMap(list -> Loose.list(list).stream()).toList();
      return choices(chunk, all.stream().map(Envelope::generation).toList());
    }
    Value metadata = Loose.first(chunk, METADATA);
    if (metadata != null) {
      return message(metadata, chunk);
    }
    if (isOutputItem(fields)) {
      return object(chunk, Map.of("output", items(chunk, List.of(chunk))));
    }
    if (isToken(fields) || EngineMaps.isMap(chunk)) {
      return choices(
          chunk, List.of(object(chunk, Map.of("logprobs", items(chunk, List.of(chunk))))));
    }
    if (isLogprobs(fields)) {
      return choices(chunk, List.of(object(chunk, Map.of("logprobs", chunk))));
    }
    return isChoice(fields) ? choices(chunk, List.of(chunk)) : chunk;
  }

  /** A message of LangChain: what its server said is among the metadata, its text beside them. */
  private static Value message(Value metadata, Value message) {
    Value gemini = Loose.first(metadata, GEMINI);
    if (gemini != null) {
      Value candidate = object(metadata, Map.of("logprobsResult", gemini));
      return object(metadata, Map.of("candidates", items(metadata, List.of(candidate))));
    }
    Value response = choices(metadata, List.of(generation(message)));
    Value usage = Loose.first(metadata, USAGE);
    if (usage == null) {
      return response;
    }
    var fields = new LinkedHashMap<>(Loose.fields(response));
    fields.put("usage", usage);
    return object(metadata, fields);
  }

  /** The choice that a message or a generation of LangChain was. */
  private static Value generation(Value value) {
    var choice = new LinkedHashMap<String, Value>();
    Value logprobs = Loose.child(Loose.first(value, METADATA), "logprobs");
    if (logprobs != null) {
      choice.put("logprobs", logprobs);
    }
    Value text = Loose.first(value, List.of("content", "text"));
    if (text instanceof Value.Text) {
      choice.put("message", object(value, Map.of("content", text)));
    }
    return object(value, choice);
  }

  /** A message of OpenAI's Responses without its response. */
  private static boolean isOutputItem(Map<String, Value> fields) {
    List<Value> parts = Loose.list(fields.get("content"));
    return !parts.isEmpty()
        && Loose.text(Loose.child(parts.getFirst(), "type")).equals("output_text");
  }

  /** One token of a list that came without what it stood in. */
  private static boolean isToken(Map<String, Value> fields) {
    return fields.containsKey("logprob")
        && !(fields.get("token") instanceof Value.Obj)
        && (fields.containsKey("token") || fields.containsKey("id"));
  }

  /** The object {@code logprobs} of a choice, without the choice. */
  private static boolean isLogprobs(Map<String, Value> fields) {
    List<Value> entries = Loose.list(fields.get("content"));
    boolean content = !entries.isEmpty() && Loose.fields(entries.getFirst()).containsKey("logprob");
    boolean lists = isList(fields.get("token_logprobs")) || isList(fields.get("top_logprobs"));
    return content || lists || isList(fields.get("refusal"));
  }

  private static boolean isList(@Nullable Value value) {
    return value != null && value.isList();
  }

  /** A choice without its response; Cohere's responses look alike, but their text is a list. */
  private static boolean isChoice(Map<String, Value> fields) {
    Value message = fields.get("message");
    boolean said =
        fields.containsKey("delta")
            || fields.containsKey("text")
            || (message instanceof Value.Obj && !isList(Loose.child(message, "content")));
    return fields.containsKey("finish_reason") && said;
  }

  private static Value choices(Value at, List<Value> choices) {
    return object(at, Map.of("choices", items(at, new ArrayList<>(choices))));
  }

  private static Value items(Value at, List<Value> items) {
    return new Value.Items(at.pointer(), items);
  }

  private static Value object(Value at, Map<String, Value> fields) {
    return new Value.Obj(at.pointer(), fields);
  }
}
