package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response one event at a time, and says after each what it has so far. The first event
 * tells the dialect; each is read by the reader that knows its fields.
 */
public final class EventReader {
  private static final String EXPECTED =
      "a response of " + Dialect.servers() + ", or a chunk of one";

  private final @Nullable Dialect wanted;
  private final String pointer;
  private final boolean textSuffices;
  private final Draft draft;
  private final AnswerTexts texts = new AnswerTexts();
  private final Map<Dialect, DialectReader> readers = Dialect.readers();
  private @Nullable Dialect dialect;

  /**
   * A reader of one response.
   *
   * @param wanted the dialect; null to tell it by the fields
   * @param sent what the caller says of it
   * @param pointer to the response in a request; empty if it is no part of one
   */
  public EventReader(@Nullable Dialect wanted, Sent sent, String pointer) {
    this.wanted = wanted;
    this.pointer = pointer;
    this.textSuffices = sent.textSuffices();
    this.draft = new Draft(sent);
  }

  /**
   * The next event. One that is refused ends the response; tokens that stand before the fault
   * count.
   *
   * @return the tokens that it brings
   * @throws InvalidInput.WrongType if it is no chunk of that dialect, or of any
   * @throws InvalidInput.NotADistribution if logits stand where log-probabilities belong
   */
  public List<Token> accept(Event event) {
    if (event.chunk().isNull()) {
      return List.of();
    }
    int before = draft.tokens().size();
    try {
      read(Envelope.open(event.chunk()));
    } catch (InvalidInput e) {
      throw event.place(e);
    }
    return List.copyOf(draft.tokens().subList(before, draft.tokens().size()));
  }

  /** All tokens so far; grows with each event. */
  public List<Token> tokens() {
    return Collections.unmodifiableList(draft.tokens());
  }

  /** What is to be said of them so far; grows with each event. The end may add to it. */
  public List<Reading.Note> notes() {
    return Collections.unmodifiableList(draft.notes());
  }

  /**
   * The end of the response.
   *
   * @throws InvalidInput.MissingInput if there are no log-probabilities; the hint names the request
   *     option that brings them
   */
  public Reading finish() {
    if (dialect == null) {
      throw new InvalidInput.MissingInput(pointer, "the response is empty");
    }
    Map<Integer, String> found = texts.found();
    if (!textSuffices || found.isEmpty()) {
      draft.requireLogprobs(pointer, dialect);
    }
    return new Reading(dialect, draft.tokens(), draft.closing(), found);
  }

  private void read(Value chunk) {
    if (!(chunk instanceof Value.Obj)) {
      throw chunk.wrongType("an object");
    }
    Foreign.refuse(chunk, EXPECTED);
    Dialect shape = shape(chunk);
    if (dialect == null) {
      dialect = wanted == null ? shape : wanted;
      draft.writtenBy(dialect);
    }
    if (Llamacpp.wrote(chunk)) {
      draft.writtenBy(Dialect.LLAMACPP);
    }
    reader(shape).read(chunk, draft);
    texts.read(chunk);
  }

  private DialectReader reader(Dialect of) {
    return Objects.requireNonNull(readers.get(of));
  }

  /**
   * Whose reader reads a chunk: that of the wanted dialect if it knows the fields, else the one
   * that knows them best, as most servers write OpenAI's shapes as well.
   */
  private Dialect shape(Value chunk) {
    Map<String, Value> fields = Loose.fields(chunk);
    if (wanted != null && reader(wanted).sign(fields) != Sign.NONE) {
      return wanted;
    }
    Dialect best = null;
    Sign clearest = Sign.NONE;
    for (Map.Entry<Dialect, DialectReader> each : readers.entrySet()) {
      Sign sign = each.getValue().sign(fields);
      if (sign.compareTo(clearest) < 0) {
        clearest = sign;
        best = each.getKey();
      }
    }
    if (best != null) {
      return best;
    }
    throw Foreign.unknown(chunk, EXPECTED);
  }
}
