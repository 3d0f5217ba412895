package io.tokentropy.gateway.engine;

import io.tokentropy.dialect.Dialect;
import io.tokentropy.dialect.Token;
import io.tokentropy.dialect.TokenBytes;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An answer of llama.cpp. A token that ends within a character is not sent; the one that completes
 * it comes with the bytes of all, and what the server counts tells how many they were.
 */
final class LlamacppStint extends StreamedStint {
  private final List<Integer> stopTokenIds;
  private final Spelling spelling;
  private int counted;

  /** Finds the ids of a piece of text. */
  interface Spelling {
    int[] ids(byte[] piece) throws EngineFailed;
  }

  LlamacppStint(
      Events events, OptionalInt vocabSize, List<Integer> stopTokenIds, Spelling spelling) {
    super(events, Dialect.LLAMACPP, vocabSize);
    this.stopTokenIds = stopTokenIds;
    this.spelling = spelling;
  }

  @Override
  void accept(Fields event, List<Token> tokens) throws EngineFailed {
    List<Token> sent = tokens.stream().filter(token -> token.id() != null).toList();
    if (sent.isEmpty() && !event.list("tokens").isEmpty()) {
      throw Failures.noLogprobs("\"n_probs\"");
    }
    int predicted = event.integer("tokens_predicted", counted + sent.size());
    boolean gap = predicted - counted > sent.size();
    counted = predicted;
    Value timings = event.get("timings");
    counted(
        event.integer("tokens_evaluated", 0),
        timings == null ? 0 : timings.asFields().integer("cache_n", 0),
        predicted);
    for (Token token : sent) {
      int id = Objects.requireNonNull(token.id());
      if (stopTokenIds.contains(id)) {
        stopped();
        over();
        return;
      }
      add(gap ? pieces(token) : step(token, id));
      gap = false;
    }
    if (event.flag("stop", false)) {
      end(event.text("stop_type"));
    }
  }

  private void end(@Nullable String type) {
    if ("eos".equals(type) || "word".equals(type)) {
      // The token that ends the text comes as one of it, without any.
      takeSilent();
      stopped();
    } else {
      full();
    }
    over();
  }

  private static Step step(Token token, int id) {
    return new Step(
        List.of(id), bytes(token), true, false, text(token), token.lnProb(), token.row());
  }

  /** Several tokens that came as one, whose log-probability is that of the last of them. */
  private Step pieces(Token token) throws EngineFailed {
    byte[] bytes = bytes(token);
    List<Integer> ids = Arrays.stream(spelling.ids(bytes)).boxed().toList();
    return new Step(ids, bytes, true, true, text(token), OptionalDouble.empty(), null);
  }

  private static byte[] bytes(Token token) {
    TokenBytes bytes = token.bytes();
    return bytes == null ? new byte[0] : bytes.toArray();
  }

  private static String text(Token token) {
    return token.text() == null ? "" : token.text();
  }
}
