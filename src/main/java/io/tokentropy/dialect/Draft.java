package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a response has shown so far: its tokens, what is to be said of them, and the signs that tell
 * a response without log-probabilities from a part of a stream that has none yet.
 */
final class Draft {
  private final Sent sent;
  private double massError;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Reading.Note> notes = new ArrayList<>();
  private boolean anyLogprobs;
  private boolean anyText;
  private boolean anyPart;
  private @Nullable Value emptyChoices;

  Draft(Sent sent) {
    this.sent = sent;
  }

  /** Tokens are those of this server from now on, whatever shape they come in. */
  void writtenBy(Dialect server) {
    massError = sent.massError().orElse(server.massError());
  }

  List<Token> tokens() {
    return tokens;
  }

  List<Reading.Note> notes() {
    return notes;
  }

  /** Puts a token on the list. */
  void add(int choice, Position position) {
    tokens.add(position.token(choice, sent.vocabSize(), massError, this::note));
  }

  /** Says something of the next token. */
  void note(String code, String message) {
    notes.add(new Reading.Note(code, message, tokens.size()));
  }

  /** There was a place for log-probabilities, though it may have held none. */
  void sawLogprobs() {
    anyLogprobs = true;
  }

  /** There was text without log-probabilities. */
  void sawText() {
    anyText = true;
  }

  /** There was a part of a stream that needs none, such as the role or the usage. */
  void sawPart() {
    anyPart = true;
  }

  /** There was an answer without choices; the first of these is named if nothing else comes. */
  void sawNoChoices(Value choices) {
    emptyChoices = emptyChoices == null ? choices : emptyChoices;
  }

  /**
   * There was a chunk that lacks log-probabilities.
   *
   * @param end false in all chunks but the last
   */
  void sawBare(@Nullable Value end, @Nullable Value... texts) {
    if (!(end instanceof Value.Bool(String pointer, boolean flag)) || flag) {
      return;
    }
    for (Value text : texts) {
      if (Loose.isText(text)) {
        sawText();
        return;
      }
    }
    sawPart();
  }

  /**
   * Refuses a response that brought no log-probabilities.
   *
   * @param pointer to the response
   * @param dialect whose request option is named
   */
  void requireLogprobs(String pointer, Dialect dialect) {
    if (!anyLogprobs && !anyText && emptyChoices != null) {
      throw new InvalidInput.MissingInput(emptyChoices.pointer(), "the list is empty");
    }
    if (!anyLogprobs && (anyText || !anyPart)) {
      throw new InvalidInput.MissingInput(pointer, "the response has no log-probabilities")
          .withHint("Ask the server for them: " + dialect.option() + " in the request.");
    }
  }
}
