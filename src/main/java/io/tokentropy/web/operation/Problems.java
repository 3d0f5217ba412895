package io.tokentropy.web.operation;

import io.tokentropy.embedding.EmbeddingUnavailable;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.entailment.JudgeUnavailable;
import io.tokentropy.logs.SparseLog;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.connector.ClientAbortException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
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

  private static final SparseLog OF_OTHERS = new SparseLog(LOG);

  private final Paths paths;

  Problems(Paths paths) {
    this.paths = paths;
  }

  @ExceptionHandler
  void invalid(InvalidInput e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange.refuse(request, response, Problem.of(e));
  }

  @ExceptionHandler
  void refused(Refused e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Exchange.refuse(request, response, e.problem());
  }

  @ExceptionHandler
  void notFound(
      NoResourceFoundException e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    ProblemKind kind = ProblemKind.NOT_FOUND;
    String hint =
        paths
            .meant(request.getRequestURI())
            .map(path -> "Did you mean " + path + "? " + kind.fix)
            .orElse(kind.fix);
    Exchange.refuse(request, response, new Problem(kind, kind.meaning, List.of(), hint));
  }

  @ExceptionHandler
  void methodNotAllowed(
      HttpRequestMethodNotSupportedException e,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    String[] methods = e.getSupportedMethods() == null ? new String[0] : e.getSupportedMethods();
    List<String> allowed = Stream.of(methods).sorted().toList();
    response.setHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
    String detail = "found " + e.getMethod() + ", expected " + String.join(" or ", allowed);
    List<MediaType> bodies = paths.bodies(request.getRequestURI());
    String hint =
        (e.getMethod().equals("PUT")
                ? "curl -T sends a PUT; send the file with --data-binary. "
                : "")
            + (bodies.isEmpty() ? "" : "POST takes a body of " + MediaType.toString(bodies) + ".");
    Exchange.refuse(
        request,
        response,
        new Problem(
            ProblemKind.METHOD_NOT_ALLOWED, detail, List.of(), hint.isEmpty() ? null : hint));
  }

  @ExceptionHandler
  void notAcceptable(
      HttpMediaTypeNotAcceptableException e,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    notAcceptable(e.getSupportedMediaTypes(), request, response);
  }

  @ExceptionHandler
  void notPackable(Endpoint.NotPackable e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    notAcceptable(List.of(MediaType.APPLICATION_JSON), request, response);
  }

  private static void notAcceptable(
      List<MediaType> answered, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String detail = "this path answers " + MediaType.toString(answered);
    Exchange.refuse(
        request, response, new Problem(ProblemKind.NOT_ACCEPTABLE, detail, List.of(), null));
  }

  @ExceptionHandler
  void unsupported(
      HttpMediaTypeNotSupportedException e,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException {
    String detail =
        "found "
            + (e.getContentType() == null ? "no Content-Type" : e.getContentType())
            + ", expected "
            + MediaType.toString(e.getSupportedMediaTypes());
    String hint =
        e.getSupportedMediaTypes().stream()
            .findFirst()
            .map(type -> "Add -H 'Content-Type: " + type + "'.")
            .orElse(ProblemKind.UNSUPPORTED_MEDIA_TYPE.fix);
    Exchange.refuse(
        request,
        response,
        new Problem(ProblemKind.UNSUPPORTED_MEDIA_TYPE, detail, List.of(), hint));
  }

  @ExceptionHandler
  void embeddings(EmbeddingUnavailable e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    OF_OTHERS.warn(String.valueOf(e.getMessage()));
    LOG.debug("request {} could not be embedded", Exchange.of(request).id(), e);
    Exchange.refuse(request, response, Problem.of(e));
  }

  @ExceptionHandler
  void entailment(JudgeUnavailable e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    OF_OTHERS.warn(String.valueOf(e.getMessage()));
    LOG.debug("request {} could not be judged", Exchange.of(request).id(), e);
    Exchange.refuse(request, response, Problem.of(e));
  }

  /** The caller went away in the middle of its body or of the answer: nobody is there. */
  @ExceptionHandler({
    UncheckedIOException.class,
    AsyncRequestNotUsableException.class,
    ClientAbortException.class,
    Wanted.No.class
  })
  void gone(Exception e, HttpServletRequest request, HttpServletResponse response) {
    response.setStatus(ProblemKind.REQUEST_TIMEOUT.status);
    LOG.debug("request {} was cut off", Exchange.of(request).id(), e);
  }

  /** Spring reads bodies on the management port only. */
  @ExceptionHandler
  void unreadable(
      HttpMessageNotReadableException e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean cutOff = e.getCause() instanceof IOException;
    Exchange.refuse(
        request,
        response,
        Problem.of(cutOff ? ProblemKind.REQUEST_TIMEOUT : ProblemKind.BAD_REQUEST));
  }

  @ExceptionHandler
  void internal(Exception e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    LOG.error("request {} failed", Exchange.of(request).id(), e);
    Exchange.refuse(request, response, Problem.of(ProblemKind.INTERNAL));
  }
}
