package io.tokentropy.web;

import io.tokentropy.embedding.EmbeddingUnavailable;
import io.tokentropy.json.Answer;
import io.tokentropy.refusal.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Everything that can go wrong, as RFC 9457 {@code application/problem+json}. */
@RestControllerAdvice
class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  static ProblemKind kind(InvalidInput e) {
    return switch (e) {
      case InvalidInput.MalformedJson x -> ProblemKind.MALFORMED_JSON;
      case InvalidInput.UnknownField x -> ProblemKind.UNKNOWN_FIELD;
      case InvalidInput.WrongType x -> ProblemKind.WRONG_TYPE;
      case InvalidInput.MissingInput x -> ProblemKind.MISSING_INPUT;
      case InvalidInput.ConflictingInputs x -> ProblemKind.CONFLICTING_INPUTS;
      case InvalidInput.RaggedRows x -> ProblemKind.RAGGED_ROWS;
      case InvalidInput.NotFinite x -> ProblemKind.NOT_FINITE;
      case InvalidInput.AllMasked x -> ProblemKind.ALL_MASKED;
      case InvalidInput.NotADistribution x -> ProblemKind.NOT_A_DISTRIBUTION;
      case InvalidInput.ParameterOutOfRange x -> ProblemKind.PARAMETER_OUT_OF_RANGE;
      case InvalidInput.ShapeMismatch x -> ProblemKind.SHAPE_MISMATCH;
      case InvalidInput.InconsistentTopLogprobs x -> ProblemKind.INCONSISTENT_TOP_LOGPROBS;
      case InvalidInput.InvalidState x -> ProblemKind.INVALID_STATE;
      case InvalidInput.LimitExceeded x -> ProblemKind.LIMIT_EXCEEDED;
    };
  }

  /** The problem as it stands inside an answer, for one item of several. */
  static Answer of(InvalidInput e) {
    return describe(kind(e), e.detail(), e.places(), e.hint());
  }

  /** The same for one call of several that failed through no fault of its own. */
  static Answer of(ProblemKind kind, String detail) {
    return describe(kind, detail, List.of(), kind.fix);
  }

  @ExceptionHandler
  void invalid(InvalidInput e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    send(request, response, kind(e), e.detail(), e.places(), e.hint());
  }

  @ExceptionHandler
  void notFound(
      NoResourceFoundException e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    send(request, response, ProblemKind.NOT_FOUND);
  }

  @ExceptionHandler
  void methodNotAllowed(
      HttpRequestMethodNotSupportedException e,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    String[] allowed = e.getSupportedMethods() == null ? new String[0] : e.getSupportedMethods();
    response.setHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
    send(
        request,
        response,
        ProblemKind.METHOD_NOT_ALLOWED,
        "found " + e.getMethod() + ", expected " + String.join(" or ", allowed),
        List.of(),
        null);
  }

  @ExceptionHandler
  void notAcceptable(
      HttpMediaTypeNotAcceptableException e,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    send(
        request,
        response,
        ProblemKind.NOT_ACCEPTABLE,
        "this path answers " + MediaType.toString(e.getSupportedMediaTypes()),
        List.of(),
        null);
  }

  @ExceptionHandler
  void unsupported(
      HttpMediaTypeNotSupportedException e,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    send(
        request,
        response,
        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
        "found "
            + (e.getContentType() == null ? "no Content-Type" : e.getContentType())
            + ", expected "
            + MediaType.toString(e.getSupportedMediaTypes()),
        List.of(),
        ProblemKind.UNSUPPORTED_MEDIA_TYPE.fix);
  }

  @ExceptionHandler
  void unsupportedBody(
      Bodies.UnsupportedBody e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    send(
        request,
        response,
        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
        String.valueOf(e.getMessage()),
        List.of(),
        ProblemKind.UNSUPPORTED_MEDIA_TYPE.fix);
  }

  @ExceptionHandler
  void embeddings(EmbeddingUnavailable e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    LOG.warn("request {}: {}", RequestFilter.requestId(request), e.getMessage(), e);
    response.setHeader(HttpHeaders.RETRY_AFTER, "5");
    send(
        request,
        response,
        ProblemKind.EMBEDDINGS_UNAVAILABLE,
        String.valueOf(e.getMessage()),
        List.of(),
        ProblemKind.EMBEDDINGS_UNAVAILABLE.fix);
  }

  @ExceptionHandler
  void refused(Admission.Refused e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    send(request, response, e);
  }

  static void send(HttpServletRequest request, HttpServletResponse response, Admission.Refused e)
      throws IOException {
    if (e.kind() != ProblemKind.REQUEST_TIMEOUT) {
      response.setHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    send(request, response, e.kind(), String.valueOf(e.getMessage()), List.of(), e.kind().fix);
  }

  /** The caller went away in the middle of its body or of the answer: nobody is there. */
  @ExceptionHandler({UncheckedIOException.class, AsyncRequestNotUsableException.class})
  void gone(Exception e, HttpServletRequest request, HttpServletResponse response) {
    response.setStatus(ProblemKind.REQUEST_TIMEOUT.status);
    LOG.debug("request {} was cut off", RequestFilter.requestId(request), e);
  }

  @ExceptionHandler
  void internal(Exception e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    LOG.error("request {} failed", RequestFilter.requestId(request), e);
    send(request, response, ProblemKind.INTERNAL);
  }

  /** The problem for a status that the server itself gave. */
  static ProblemKind kind(int status) {
    return switch (status) {
      case 404 -> ProblemKind.NOT_FOUND;
      case 405 -> ProblemKind.METHOD_NOT_ALLOWED;
      case 408 -> ProblemKind.REQUEST_TIMEOUT;
      case 500 -> ProblemKind.INTERNAL;
      default -> ProblemKind.BAD_REQUEST;
    };
  }

  static void send(HttpServletRequest request, HttpServletResponse response, ProblemKind kind)
      throws IOException {
    send(request, response, kind, kind.meaning, List.of(), null);
  }

  static void send(
      HttpServletRequest request,
      HttpServletResponse response,
      ProblemKind kind,
      String detail,
      List<InvalidInput.Place> places,
      @Nullable String hint)
      throws IOException {
    byte[] body = body(kind, detail, places, hint, RequestFilter.requestId(request));
    if (!Leftovers.discard(request)) {
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    Calls.problem(request, kind);
    response.setStatus(kind.status);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }

  /** A problem of a request that came to nobody. */
  static byte[] body(ProblemKind kind, String id) {
    return body(kind, kind.meaning, List.of(), kind.fix, id);
  }

  private static byte[] body(
      ProblemKind kind,
      String detail,
      List<InvalidInput.Place> places,
      @Nullable String hint,
      String id) {
    return describe(kind, detail, places, hint)
        .put("instance", "urn:request:" + id)
        .put("request_id", id)
        .toBytes();
  }

  private static Answer describe(
      ProblemKind kind, String detail, List<InvalidInput.Place> places, @Nullable String hint) {
    Answer problem =
        new Answer()
            .put("type", kind.type())
            .put("title", kind.title)
            .put("status", kind.status)
            .put("detail", detail)
            .put("code", kind.code());
    if (!places.isEmpty()) {
      problem.put("errors", places.stream().map(Problems::place).toList());
    }
    return problem.put("hint", hint);
  }

  private static Answer place(InvalidInput.Place place) {
    Answer answer = new Answer().put("pointer", place.pointer()).put("detail", place.detail());
    Long offset = place.byteOffset();
    return offset == null ? answer : answer.put("byte_offset", offset);
  }
}
