package io.tokentropy.gateway.openai;

import io.tokentropy.json.Edits;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Outline;
import io.tokentropy.json.Value;
import io.tokentropy.upstream.ServerKind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log-probabilities that are asked for beside what a client asks for, and taken out again of what
 * it is shown: it sees those of its own request, or none.
 */
public final class AddedLogprobs {
  /** Alternatives that servers give at most unless they are told otherwise. */
  private static final int MOST = 20;

  /** The same of OpenAI itself for completions. */
  private static final int MOST_OF_COMPLETIONS = 5;

  /** What a message has beside its text. */
  private static final List<String> BESIDE =
      List.of("tool_calls", "function_call", "reasoning_content", "reasoning", "refusal");

  private final Map<String, String> asked;
  private final boolean own;
  private final int alternatives;
  private final boolean leftOut;

  private AddedLogprobs(Map<String, String> asked, boolean own, int alternatives, boolean leftOut) {
    this.asked = asked;
    this.own = own;
    this.alternatives = alternatives;
    this.leftOut = leftOut;
  }

  /**
   * What is asked for beside a request.
   *
   * @param kind of the server, which decides how many it gives, and what it writes where it gives
   *     none
   * @throws io.tokentropy.refusal.InvalidInput if the request asks for them in another type
   */
  public static AddedLogprobs to(Fields request, Shape shape, ServerKind kind) {
    boolean leftOut =
        kind == ServerKind.OLLAMA || (kind == ServerKind.LLAMACPP && shape == Shape.CHAT);
    if (shape == Shape.COMPLETION) {
      int most = kind == ServerKind.OPENAI ? MOST_OF_COMPLETIONS : MOST;
      return request.has("logprobs")
          ? new AddedLogprobs(Map.of(), true, Integer.MAX_VALUE, leftOut)
          : new AddedLogprobs(Map.of("logprobs", Integer.toString(most)), false, 0, leftOut);
    }
    boolean own = request.flag("logprobs", false);
    int absent = kind == ServerKind.LLAMACPP ? MOST : 0;
    int alternatives = own ? request.integer("top_logprobs", absent) : 0;
    String most = Integer.toString(Math.max(MOST, alternatives));
    return new AddedLogprobs(
        Map.of("logprobs", "true", "top_logprobs", most), own, alternatives, leftOut);
  }

  /** The fields of the request that ask for them, with their values as JSON. */
  public Map<String, String> asked() {
    return asked;
  }

  /** The JSON of an answer, or of one event of it, as the client is shown it. */
  public byte[] shown(byte[] json) {
    var edits = new Edits();
    for (Outline.Part choice : Outline.of(json, Outline.of(json, 0), "choices")) {
      List<Outline.Part> members = Outline.of(json, choice.from());
      Outline.find(members, "logprobs")
          .filter(logprobs -> json[logprobs.from()] != 'n')
          .ifPresent(logprobs -> show(json, members, logprobs, edits));
    }
    return edits.of(json);
  }

  private void show(byte[] json, List<Outline.Part> members, Outline.Part logprobs, Edits edits) {
    if (own) {
      for (Outline.Part list : Outline.of(json, logprobs.from())) {
        Outline.of(json, list.from()).forEach(token -> shorten(json, token, edits));
      }
    } else if (leftOut) {
      edits.remove(members, logprobs);
    } else {
      edits.replace(logprobs.from(), logprobs.to(), "null");
    }
  }

  /** Leaves a token the alternatives that the client asked for: the first of the list. */
  private void shorten(byte[] json, Outline.Part token, Edits edits) {
    List<Outline.Part> members = Outline.of(json, token.from());
    List<Outline.Part> best = Outline.of(json, members, "top_logprobs");
    if (best.size() > alternatives) {
      int from = alternatives == 0 ? best.getFirst().start() : best.get(alternatives - 1).to();
      edits.replace(from, best.getLast().to(), "");
    }
  }

  /** What an answer, or one event of it, has of them. */
  public enum Seen {
    /** Log-probabilities. */
    THEM,
    /** A text without them. */
    TEXT_ALONE,
    /** What is no text, and need not have them, such as a call of a tool. */
    OTHER,
    /** Nothing of that. */
    NEITHER,
    /** What went wrong at the server. */
    ERROR
  }

  /** What there is in the JSON of an answer, or of one event of it. */
  public static Seen seen(Fields answer) {
    if (answer.has("error")) {
      return Seen.ERROR;
    }
    boolean text = false;
    boolean other = false;
    for (Value choice : answer.list("choices")) {
      Fields fields = choice.asFields();
      if (fields.has("logprobs")) {
        return Seen.THEM;
      }
      text |= isText(fields.get("text"));
      for (String name : List.of("message", "delta")) {
        Value said = fields.get(name);
        if (said != null) {
          Fields parts = said.asFields();
          text |= isText(parts.get("content"));
          other |= BESIDE.stream().anyMatch(parts::has);
        }
      }
    }
    return text ? Seen.TEXT_ALONE : other ? Seen.OTHER : Seen.NEITHER;
  }

  private static boolean isText(@Nullable Value value) {
    return value instanceof Value.Text text && !text.text().isEmpty();
  }
}
