package io.tokentropy.dialect;

import io.tokentropy.json.Memory;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads what inference servers send, as they send it: whole responses, stream chunks, lists of
 * chunks, or the raw text of a stream. Fields that no log-probability hangs on are left alone.
 */
public final class ResponseReader {
  private final EventReader events;
  private final int most;

  private ResponseReader(EventReader events, int most) {
    this.events = events;
    this.most = most;
  }

  /**
   * Reads a response.
   *
   * @param json for text that holds JSON
   * @param wanted the dialect; null to tell it by the fields
   * @param sent what the caller says of it
   * @param most tokens that are wanted; what comes after more than these is not read
   * @throws InvalidInput.MissingInput if there are no log-probabilities; the hint names the request
   *     option that brings them
   * @throws InvalidInput.WrongType if it is no response of that dialect, or of any
   * @throws InvalidInput.NotADistribution if logits stand where log-probabilities belong
   */
  public static Reading read(
      Value response, Reader json, @Nullable Dialect wanted, Sent sent, int most) {
    var events = new EventReader(wanted, sent, response.pointer());
    var reader = new ResponseReader(events, most);
    switch (response) {
      case Value.Items(String pointer, List<Value> items) when isText(items) ->
          reader.read(text(items), pointer, json);
      case Value.Items(String pointer, List<Value> items) ->
          items.forEach(item -> reader.read(new Event(item)));
      case Value.Text(String pointer, String text) -> reader.read(text, pointer, json);
      case Value.Obj object -> reader.read(new Event(object));
      default -> throw response.wrongType("a response object, a list of chunks, or their text");
    }
    return events.finish();
  }

  /**
   * Whether a value can only be meant as a response or a list of chunks, whatever stands in it. The
   * name {@code logprobs} is no sign of one, as requests have it too.
   */
  public static boolean isResponse(Value value) {
    Value first =
        value instanceof Value.Items(String at, var items) && !items.isEmpty()
            ? items.getFirst()
            : value;
    var fields = new HashMap<>(Loose.fields(Envelope.open(first)));
    fields.remove("logprobs");
    return Dialect.readers().values().stream().anyMatch(reader -> reader.sign(fields) != Sign.NONE);
  }

  private static boolean isText(List<Value> items) {
    return !items.isEmpty() && items.stream().allMatch(Value.Text.class::isInstance);
  }

  /** The events of a stream as somebody collected them, a string each. */
  private static String text(List<Value> items) {
    return items.stream().map(Loose::text).collect(Collectors.joining("\n\n"));
  }

  private void read(String text, String pointer, Reader json) {
    Memory memory = json.memory();
    var framing = new Framing(Framing.Kind.of(text), pointer, json, () -> memory);
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (hasEnough()) {
        return;
      }
      framing.line(line).forEach(this::read);
    }
    framing.end().forEach(this::read);
  }

  private void read(Event event) {
    if (!hasEnough()) {
      events.accept(event);
    }
  }

  private boolean hasEnough() {
    return events.tokens().size() > most;
  }
}
