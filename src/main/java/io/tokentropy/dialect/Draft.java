package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a response has shown so far: its tokens, what is to be said of them, and the signs that tell
 * a response without log-probabilities from a part of a stream that has none yet.
 */
final class Draft {
  private final Sent sent;
  private Terms terms;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Reading.Note> notes = new ArrayList<>();
  private final Map<Slot, List<Candidate>> before = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();
  private final Coverage coverage = new Coverage();
  private boolean anyLogprobs;
  private boolean anyText;
  private boolean anyPart;
  private @Nullable Value emptyChoices;

  Draft(Sent sent) {
    this.sent = sent;
    this.terms = new Terms(sent.vocabSize(), 0, true);
  }

  /** Tokens are those of this server from now on, whatever shape they come in. */
  void writtenBy(Dialect server) {
    terms =
        new Terms(sent.vocabSize(), sent.massError().orElse(server.massError()), server.appends());
  }

  boolean isEmpty() {
    return tokens.isEmpty();
  }

  List<Token> tokens() {
    return tokens;
  }

  List<Reading.Note> notes() {
    return notes;
  }

  Coverage coverage() {
    return coverage;
  }

  /**
   * Puts a token on the list. One that cannot be read is put there without anything, where the
   * caller wants the others.
   *
   * <p>Servers that send several tokens at once have repeated the alternatives of the first one for
   * the others; those belong to no other token.
   *
   * @param position reads it, and may refuse
   */
  void add(Slot slot, Supplier<Position> position) {
    try {
      Position read = position.get();
      tokens.add(withoutRepetition(slot, read).token(slot, terms, this::note));
    } catch (InvalidInput e) {
      if (!sent.skipBad()) {
        throw e;
      }
      note("bad_token", "left out: " + e.detail());
      tokens.add(new Candidate(null, null, Double.NaN).token(slot));
    }
  }

  private Position withoutRepetition(Slot slot, Position position) {
    List<Candidate> listed = position.listed();
    Candidate sampled = position.sampled();
    List<Candidate> last = before.put(slot.thinking(false), listed);
    boolean repeated =
        listed.size() > 1
            && sampled != null
            && listed.equals(last)
            && listed.stream().noneMatch(c -> c.isSame(sampled, false));
    if (!repeated) {
      return position;
    }
    note(
        "repeated_alternatives",
        "the alternatives are those of the token before, to the last digit: left out");
    return position.alone();
  }

  /**
   * Puts a token on the list of which the server says at most what it is.
   *
   * @param code of the note on it; empty if there is nothing to say
   */
  void addUnscored(Slot slot, Candidate token, String code, String message) {
    if (!code.isEmpty()) {
      note(code, message);
    }
    tokens.add(token.token(slot));
  }

  /** Says something of the next token. */
  void note(String code, String message) {
    notes.add(new Reading.Note(code, message, tokens.size()));
  }

  /** Says something of the whole response. */
  void noteWhole(String code, String message) {
    notes.add(Reading.Note.of(code, message));
  }

  /**
   * A choice begins to say something, in a chunk.
   *
   * @param chunk that says it
   * @throws InvalidInput.WrongType if that choice has come to its end before
   */
  void goesOn(int choice, Value chunk) {
    if (ended.contains(choice)) {
      throw new InvalidInput.WrongType(
              chunk.pointer(), "another whole response", "one response, or the chunks of one")
          .withHint("Several responses go to /v1/batch, a line each.");
    }
  }

  /** A choice is complete: what comes for it now belongs to another response. */
  void ends(int choice) {
    ended.add(choice);
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
  void sawBare(@Nullable Value end, String text) {
    coverage.bare(text);
    if (!(end instanceof Value.Bool(String pointer, boolean flag)) || flag) {
      return;
    }
    if (text.isEmpty()) {
      sawPart();
    } else {
      sawText();
    }
  }

  /** What is to be said at the end, of what there is so far. */
  List<Reading.Note> closing() {
    var closing = new ArrayList<>(notes);
    String partly = coverage.gap(tokens);
    if (partly != null) {
      closing.add(Reading.Note.of("partly_scored", partly));
    }
    if (isAllZero()) {
      closing.add(
          Reading.Note.of(
              "processed_logprobs",
              "every log-probability is exactly 0: these look like values after sampling filters,"
                  + " not those of the model"));
    }
    return closing;
  }

  /** Whether no token has another log-probability; a single one with alternatives may be sure. */
  private boolean isAllZero() {
    List<Token> scored = tokens.stream().filter(Token::isScored).toList();
    return scored.stream().allMatch(token -> token.lnProb().orElse(-1) == 0)
        && (scored.size() > 1 || (scored.size() == 1 && scored.getFirst().row() == null));
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
