package io.tokentropy.endpoint;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of the contract, apart from how it arrives: which fields are read, what is computed from
 * them, and what is answered. Every call is a pure function.
 *
 * @param <Q> what is asked
 * @param path where it is found, as {@code /v1/entropy}
 * @param reads the forms in which its fields may come
 * @param read fields to what is asked; refuses what it cannot use before anything is computed
 * @param answer what is asked to the answer, telling the tally what it saw
 * @param packed the same in bytes; null if there is no such form
 * @param methods what {@code /v1/methods} says of it
 */
public record Endpoint<Q>(
    String path,
    Set<Form> reads,
    Function<Fields, Q> read,
    BiFunction<Q, Tally, Answer> answer,
    @Nullable Packed<?> packed,
    List<Method> methods) {

  public Endpoint {
    reads = Set.copyOf(reads);
    methods = List.copyOf(methods);
  }

  /** An endpoint that reads and answers JSON alone. */
  public static <Q> Endpoint<Q> ofJson(
      String path,
      Function<Fields, Q> read,
      BiFunction<Q, Tally, Answer> answer,
      List<Method> methods) {
    return new Endpoint<>(path, Set.of(Form.JSON), read, answer, null, methods);
  }

  /** The same where a server's response may be all of the body. */
  public static <Q> Endpoint<Q> ofResponses(
      String path,
      Function<Fields, Q> read,
      BiFunction<Q, Tally, Answer> answer,
      List<Method> methods) {
    return new Endpoint<>(path, Set.of(Form.JSON, Form.RESPONSE), read, answer, null, methods);
  }

  /** How the fields of a call may come. */
  public enum Form {
    /** In a body of JSON. */
    JSON,
    /** Rows as bytes, with the other fields in the query string. */
    ROWS,
    /** A server's response as all of a body, with the other fields in the query string. */
    RESPONSE,
    /** All of them in the query string. */
    QUERY
  }

  /**
   * An answer in bytes instead of JSON.
   *
   * @param <P> what is asked
   * @param read fields to what is asked
   * @param answer what is asked to the bytes of the answer
   */
  public record Packed<P>(Function<Fields, P> read, BiFunction<P, Tally, byte[]> answer) {}

  /** What is asked cannot be answered in bytes, only in JSON. */
  public static final class NotPackable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotPackable() {
      super("this call is answered in JSON only", null, false, false);
    }
  }
}
