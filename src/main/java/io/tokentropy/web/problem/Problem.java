package io.tokentropy.web.problem;

import io.tokentropy.embedding.EmbeddingUnavailable;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that went wrong, as RFC 9457 {@code application/problem+json} tells it.
 *
 * @param detail one line: what was found, and what was expected
 * @param places where in the input; none if it is about all of it
 * @param hint how to put it right; null if the detail says all
 */
public record Problem(
    ProblemKind kind, String detail, List<InvalidInput.Place> places, @Nullable String hint) {
  public Problem {
    places = List.copyOf(places);
  }

  public static Problem of(InvalidInput e) {
    return new Problem(ProblemKind.of(e), e.detail(), e.places(), e.hint());
  }

  public static Problem of(EmbeddingUnavailable e) {
    return of(ProblemKind.EMBEDDINGS_UNAVAILABLE, String.valueOf(e.getMessage()));
  }

  /** One with its usual advice. */
  public static Problem of(ProblemKind kind, String detail) {
    return new Problem(kind, detail, List.of(), kind.fix);
  }

  /** One of which there is nothing to say but what its kind says. */
  public static Problem of(ProblemKind kind) {
    return new Problem(kind, kind.meaning, List.of(), null);
  }

  /** The problem as it stands inside an answer, for one item of several. */
  public Answer toAnswer() {
    Answer answer =
        new Answer()
            .put("type", kind.type())
            .put("title", kind.title)
            .put("status", kind.status)
            .put("detail", detail)
            .put("code", kind.code());
    if (!places.isEmpty()) {
      answer.put("errors", places.stream().map(Problem::place).toList());
    }
    return answer.put("hint", hint);
  }

  /** The problem as the whole answer to a request. */
  public byte[] toBytes(String requestId) {
    return toAnswer()
        .put("instance", "urn:request:" + requestId)
        .put("request_id", requestId)
        .toBytes();
  }

  /** The same with what clients of OpenAI read, as a member more. */
  public byte[] toBytesForClients(String requestId) {
    return toAnswer()
        .put("instance", "urn:request:" + requestId)
        .put("request_id", requestId)
        .put("error", toError())
        .toBytes();
  }

  /** The problem as clients of OpenAI know it. */
  public Answer toError() {
    return new Answer()
        .put("message", detail)
        .put("type", type())
        .put("param", places.isEmpty() ? null : field(places.getFirst().pointer()))
        .put("code", kind.code());
  }

  private String type() {
    return switch (kind.status) {
      case 401 -> "authentication_error";
      case 429 -> "rate_limit_error";
      case 500, 502, 503, 504 -> "server_error";
      default -> "invalid_request_error";
    };
  }

  /** {@code messages/0/content} of a pointer; null for the whole body. */
  private static @Nullable String field(String pointer) {
    return pointer.isEmpty() ? null : pointer.substring(1);
  }

  private static Answer place(InvalidInput.Place place) {
    Answer answer = new Answer().put("pointer", place.pointer()).put("detail", place.detail());
    Long offset = place.byteOffset();
    return offset == null ? answer : answer.put("byte_offset", offset);
  }
}
