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
 * @param cost what it takes to answer what is asked
 * @param await what is asked once what it needs from elsewhere has come, which takes no core; null
 *     if it needs nothing
 * @param scores what a calibration profile can be for
 */
public record Endpoint<Q>(
    String path,
    Set<Form> reads,
    Function<Fields, Q> read,
    BiFunction<Q, Tally, Answer> answer,
    @Nullable Packed<?> packed,
    List<Method> methods,
    Function<Q, Cost> cost,
    @Nullable Await<Q> await,
    Scores scores) {

  public Endpoint {
    reads = Set.copyOf(reads);
    methods = List.copyOf(methods);
  }

  /** An endpoint whose answers hold nothing that a profile can be for. */
  public Endpoint(
      String path,
      Set<Form> reads,
      Function<Fields, Q> read,
      BiFunction<Q, Tally, Answer> answer,
      @Nullable Packed<?> packed,
      List<Method> methods,
      Function<Q, Cost> cost,
      @Nullable Await<Q> await) {
    this(path, reads, read, answer, packed, methods, cost, await, Scores.NONE);
  }

  /** An endpoint that waits for nothing. */
  public Endpoint(
      String path,
      Set<Form> reads,
      Function<Fields, Q> read,
      BiFunction<Q, Tally, Answer> answer,
      @Nullable Packed<?> packed,
      List<Method> methods,
      Function<Q, Cost> cost) {
    this(path, reads, read, answer, packed, methods, cost, null);
  }

  /** An endpoint that reads and answers JSON alone. */
  public static <Q> Endpoint<Q> ofJson(
      String path,
      Function<Fields, Q> read,
      BiFunction<Q, Tally, Answer> answer,
      List<Method> methods) {
    return new Endpoint<>(path, Set.of(Form.JSON), read, answer, null, methods, asked -> Cost.NONE);
  }

  /** The same where a server's response may be all of the body. */
  public static <Q> Endpoint<Q> ofResponses(
      String path,
      Function<Fields, Q> read,
      BiFunction<Q, Tally, Answer> answer,
      List<Method> methods) {
    return new Endpoint<>(
        path, Set.of(Form.JSON, Form.RESPONSE), read, answer, null, methods, asked -> Cost.NONE);
  }

  /** The same, whose answers hold these. */
  public Endpoint<Q> scoring(Scores held) {
    return new Endpoint<>(path, reads, read, answer, packed, methods, cost, await, held);
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
   * @param cost as that of the endpoint
   * @param answer what is asked to the bytes of the answer
   */
  public record Packed<P>(
      Function<Fields, P> read, Function<P, Cost> cost, PackedAnswer<P> answer) {}

  /** Writes an answer in bytes, in parts that follow one another. */
  public interface PackedAnswer<P> {
    List<byte[]> of(P asked, Tally tally, Room room);
  }

  /** Waits for what a call needs from elsewhere. */
  public interface Await<Q> {
    /** Whether there is anything to wait for. */
    boolean waits(Q asked);

    /** What is asked with what has come. */
    Q arrived(Q asked);
  }

  /** What is asked cannot be answered in bytes, only in JSON. */
  public static final class NotPackable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotPackable() {
      super("this call is answered in JSON only", null, false, false);
    }
  }
}
