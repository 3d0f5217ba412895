package io.tokentropy.dialect;

import io.tokentropy.json.Memory;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the events in the lines of a text: SSE's data lines, or lines of JSON. A line is an event
 * as soon as it is there. An event of several data lines, or JSON over several lines, is read as a
 * whole once its first line was found to be no JSON. A list is as many events as it has chunks.
 */
public final class Framing {
  /** What a text is made of. */
  public enum Kind {
    /** Server-sent events; everything but their data is passed over. */
    SSE,
    /** One JSON text a line, or a single one over all lines. */
    JSON;

    private static final String DATA = "data:";

    /** What a whole text is made of; of a stream only its media type says it in time. */
    static Kind of(String text) {
      return text.lines().map(Kind::withoutMark).anyMatch(line -> line.startsWith(DATA))
          ? SSE
          : JSON;
    }

    /** The first line of a text may begin with a byte order mark. */
    private static String withoutMark(String line) {
      return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }

    /** Whether a line belongs to an event. */
    private boolean isData(String line) {
      return this == SSE ? line.startsWith(DATA) : !line.isBlank();
    }

    /** What an event says; gateways have put the name of its field there twice. */
    private String body(String line) {
      if (this == JSON) {
        return line;
      }
      String body = line;
      do {
        body = body.substring(DATA.length()).stripLeading();
      } while (body.startsWith(DATA));
      return body;
    }
  }

  private final Kind kind;
  private final String pointer;
  private final Reader json;
  private final Supplier<Memory> memory;

  /** The number of the last line. */
  private int number;

  /** Lines that are no JSON by themselves, and why the first of them is none. */
  private final StringBuilder open = new StringBuilder();

  private @Nullable InvalidInput failure;

  /**
   * The lines of a text from its start.
   *
   * @param pointer to the text in a request; empty if it is no part of one
   * @param memory what one event may take; the same one each time if all may take it together
   */
  public Framing(Kind kind, String pointer, Reader json, Supplier<Memory> memory) {
    this.kind = kind;
    this.pointer = pointer;
    this.json = json;
    this.memory = memory;
  }

  /**
   * The next line, without its end.
   *
   * @return the events that it completes, mostly one or none
   * @throws InvalidInput.MalformedJson if it completes what is no JSON
   * @throws InvalidInput.LimitExceeded if an event is too deep or takes too much
   */
  public List<Event> line(String text) {
    number++;
    String line = number == 1 ? Kind.withoutMark(text) : text;
    boolean data = kind.isData(line);
    if (failure != null) {
      return goOn(line, data);
    }
    if (!data) {
      return List.of();
    }
    String body = kind.body(line);
    if (body.isBlank() || body.strip().equals("[DONE]")) {
      return List.of();
    }
    Value value = parse(body);
    if (value == null) {
      open.append(body).append('\n');
      return List.of();
    }
    return events(value);
  }

  /** The next line of an event that does not end with its first. */
  private List<Event> goOn(String line, boolean data) {
    if (data || kind == Kind.JSON) {
      open.append(kind.body(line)).append('\n');
      return List.of();
    }
    return line.isEmpty() ? end() : List.of();
  }

  /**
   * The end of the text.
   *
   * @return the events that it completes
   * @throws InvalidInput.MalformedJson if what is left is no JSON
   */
  public List<Event> end() {
    InvalidInput first = failure;
    if (first == null) {
      return List.of();
    }
    Value value = parse(open.toString());
    if (value == null) {
      throw first;
    }
    failure = null;
    open.setLength(0);
    return events(value);
  }

  private Event.Line here() {
    return new Event.Line(pointer, number);
  }

  private List<Event> events(Value value) {
    Event.Line line = here();
    return value instanceof Value.Items(String at, List<Value> chunks)
        ? chunks.stream().map(chunk -> new Event(chunk, line)).toList()
        : List.of(new Event(value, line));
  }

  /** Reads what may be an event; if it is no JSON, {@link #failure} says why. */
  private @Nullable Value parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return json.readValue(bytes, bytes.length, memory.get());
    } catch (InvalidInput.MalformedJson e) {
      failure = here().place(e);
      return null;
    } catch (InvalidInput.LimitExceeded e) {
      throw e.under(pointer);
    } catch (InvalidInput e) {
      throw here().place(e);
    }
  }
}
