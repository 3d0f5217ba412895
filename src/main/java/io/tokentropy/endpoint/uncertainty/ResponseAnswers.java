package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Sampled;
import io.tokentropy.answers.Sequence;
import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.dialect.TokenBytes;
import io.tokentropy.refusal.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The answers that a server's responses hold: their texts, and the log-probabilities of tokens. */
final class ResponseAnswers {
  private final List<String> texts = new ArrayList<>();
  private final List<Sequence> sequences = new ArrayList<>();
  private final BiConsumer<String, String> warn;
  private boolean allTexts = true;
  private boolean allSequences = true;

  /**
   * None yet.
   *
   * @param warn takes the code and the message of a warning
   */
  ResponseAnswers(BiConsumer<String, String> warn) {
    this.warn = warn;
  }

  /** Adds those of one response, in the order of their numbers. */
  void add(Reading reading, String pointer) {
    var tokens = new TreeMap<Integer, List<Token>>();
    reading.texts().keySet().forEach(choice -> tokens.put(choice, new ArrayList<>()));
    for (Token token : reading.tokens()) {
      tokens.computeIfAbsent(token.choice(), choice -> new ArrayList<>()).add(token);
    }
    if (tokens.isEmpty()) {
      throw new InvalidInput.MissingInput(pointer, "the response holds no answer");
    }
    for (Map.Entry<Integer, List<Token>> answer : tokens.entrySet()) {
      String text = text(reading.texts().get(answer.getKey()), answer.getValue());
      allTexts &= text != null;
      texts.add(text == null ? "" : text);
      add(answer.getValue());
    }
  }

  private void add(List<Token> tokens) {
    List<Token> scored = tokens.stream().filter(Token::isScored).toList();
    boolean floor = scored.stream().anyMatch(Token::atFloor);
    if (scored.isEmpty() || floor) {
      if (allSequences && floor) {
        warn.accept(
            "floor_token",
            "a token has a value that stands for probability 0: what needs log-probabilities is"
                + " left out");
      }
      allSequences = false;
      return;
    }
    if (scored.size() < tokens.size()) {
      warn.accept(
          "partly_scored",
          (tokens.size() - scored.size())
              + " tokens of an answer have no log-probability and do not count");
    }
    sequences.add(
        Sequence.of(scored.stream().mapToDouble(token -> token.lnProb().orElseThrow()).toArray()));
  }

  private static @Nullable String text(@Nullable String whole, List<Token> tokens) {
    if (whole != null) {
      return whole.strip();
    }
    var bytes = new ByteArrayOutputStream();
    for (Token token : tokens) {
      byte[] own = bytes(token);
      if (own == null) {
        return null;
      }
      if (!token.special()) {
        bytes.writeBytes(own);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }

  private static byte @Nullable [] bytes(Token token) {
    TokenBytes own = token.bytes();
    String spelled = token.text();
    return own != null
        ? own.toArray()
        : spelled == null ? null : spelled.getBytes(StandardCharsets.UTF_8);
  }

  /** Puts what is known of all of them. */
  void put(Sampled.Builder answers, String field) {
    if (allTexts) {
      answers.texts(texts, field);
    }
    if (allSequences) {
      answers.sequences(sequences, field);
    }
  }
}
