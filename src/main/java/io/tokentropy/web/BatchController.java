package io.tokentropy.web;

import io.tokentropy.embedding.EmbeddingUnavailable;
import io.tokentropy.endpoint.Limits;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /v1/batch}: many calls in one stream, answered in order as they come. What is held is one
 * line in and one line out.
 */
@RestController
class BatchController {
  static final String NDJSON = "application/x-ndjson";
  private static final String PATH = "/v1/batch";
  private static final Logger LOG = LoggerFactory.getLogger(BatchController.class);

  private final Calls calls;
  private final Admission admission;
  private final Limits limits;
  private final Reader reader;

  BatchController(Calls calls, Admission admission, Limits limits) {
    this.calls = calls;
    this.admission = admission;
    this.limits = limits;
    this.reader = new Reader(limits.json());
  }

  @PostMapping(path = PATH, consumes = NDJSON, produces = NDJSON)
  void post(HttpServletRequest request, HttpServletResponse response) {
    String url = request.getParameter("url");
    if (url != null) {
      handler(url, "/url");
    }
    for (String name : request.getParameterMap().keySet()) {
      if (!name.equals("url")) {
        throw new InvalidInput.UnknownField(
            "/" + name.replaceAll("\\p{Cntrl}", "?"), "there is no such parameter; known is url");
      }
    }
    Calls.endpoint(request, PATH);
    Calls.input(request, "ndjson");
    Bodies.requirePlain(request);
    response.setContentType(NDJSON);
    try (Admission.Place _ = admission.batch();
        Admission.Reservation bytes = admission.reserve()) {
      var out = new Output(new BufferedOutputStream(response.getOutputStream(), 65_536));
      var lines = new Lines(request.getInputStream(), limits.maxLineBytes(), bytes, out, admission);
      run(request, url, lines, out);
    } catch (IOException e) {
      throw Bodies.cutOff(e);
    }
  }

  private Calls.Handler handler(String url, String pointer) {
    Calls.Handler handler = calls.handlers().get(url);
    if (handler == null) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer, "another path", "one of " + String.join(", ", calls.handlers().keySet()));
    }
    return handler;
  }

  private void run(HttpServletRequest request, @Nullable String url, Lines lines, Output out)
      throws IOException {
    long number = 0;
    long failed = 0;
    try {
      while (lines.next()) {
        if (lines.isBlank()) {
          continue;
        }
        Line line = answer(request, url, lines);
        failed += line.failed() ? 1 : 0;
        out.write(new Answer().put("line", number++).putAll(line.answer()));
      }
    } catch (Admission.Refused e) {
      if (number == 0) {
        throw e;
      }
      failed++;
      Answer problem = Problems.of(e.kind(), String.valueOf(e.getMessage()));
      Leftovers.discard(request);
      Line last = failed(new Answer(), e.kind().status, problem);
      out.write(new Answer().put("line", number++).putAll(last.answer()));
    }
    out.end(number, failed);
  }

  /** What is written for a line. */
  private record Line(Answer answer, boolean failed) {}

  private Line answer(HttpServletRequest request, @Nullable String url, Lines lines) {
    Answer answer = new Answer();
    try {
      lines.requireWithin();
      return admission.computeInTurn(
          () -> {
            Fields fields = reader.read(lines.bytes(), lines.length());
            Calls.Handler handler;
            Fields body = fields;
            if (url != null) {
              handler = handler(url, "/url");
            } else {
              answer.put("custom_id", fields.text("custom_id"));
              requirePost(fields);
              Value path = fields.require("url");
              handler = handler(path.asText(), path.pointer());
              body = fields.require("body").asFields();
              fields.done();
            }
            Answer found = handler.answer(request, body);
            return new Line(answer.put("status", 200).put("body", found), false);
          });
    } catch (InvalidInput e) {
      return failed(answer, Problems.kind(e).status, Problems.of(e));
    } catch (EmbeddingUnavailable e) {
      ProblemKind kind = ProblemKind.EMBEDDINGS_UNAVAILABLE;
      return failed(answer, kind.status, Problems.of(kind, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("a line of request {} failed", RequestFilter.requestId(request), e);
      ProblemKind kind = ProblemKind.INTERNAL;
      return failed(answer, kind.status, Problems.of(kind, kind.meaning));
    } finally {
      Calls.input(request, "ndjson");
    }
  }

  private static void requirePost(Fields fields) {
    Value method = fields.get("method");
    if (method != null && !method.asText().equals("POST")) {
      throw new InvalidInput.ParameterOutOfRange(method.pointer(), method.found(), "\"POST\"");
    }
  }

  private static Line failed(Answer answer, int status, Answer problem) {
    return new Line(answer.put("status", status).put("error", problem), true);
  }

  /**
   * The lines of a stream, one at a time, in a buffer that grows no further than the limit. Before
   * it waits for more, the answers so far are sent. A line must be there within the time that a
   * body has, so that a stream on which nothing comes ends.
   */
  private static final class Lines {
    private final InputStream in;
    private final Output answers;
    private final int limit;
    private final Admission.Reservation held;
    private final Admission admission;
    private final byte[] chunk = new byte[65_536];
    private int at;
    private int end;
    private byte[] line = new byte[65_536];
    private int length;
    private boolean tooLong;

    Lines(
        InputStream in,
        int limit,
        Admission.Reservation held,
        Output answers,
        Admission admission) {
      this.in = in;
      this.answers = answers;
      this.limit = limit;
      this.held = held;
      this.admission = admission;
      held.hold(line.length + chunk.length);
    }

    /** Reads the next line; false at the end. One that is too long is read over. */
    boolean next() throws IOException {
      long deadline = admission.bodyDeadline(System.nanoTime());
      length = 0;
      tooLong = false;
      boolean any = false;
      while (true) {
        if (at == end) {
          answers.flush();
          end = Math.max(0, read());
          at = 0;
          if (System.nanoTime() - deadline > 0) {
            throw Bodies.late();
          }
          if (end == 0) {
            return any;
          }
        }
        any = true;
        int newline = at;
        while (newline < end && chunk[newline] != '\n') {
          newline++;
        }
        keep(newline - at);
        boolean done = newline < end;
        at = done ? newline + 1 : end;
        if (done) {
          return true;
        }
      }
    }

    private int read() throws IOException {
      try {
        return in.read(chunk);
      } catch (IOException e) {
        throw Bodies.cutOff(e);
      }
    }

    private void keep(int count) {
      if (tooLong || (long) length + count > limit) {
        tooLong = true;
        return;
      }
      if (length + count > line.length) {
        int larger = (int) Math.min(limit, Math.max(2L * line.length, (long) length + count));
        held.hold((long) larger + chunk.length);
        line = Arrays.copyOf(line, larger);
      }
      System.arraycopy(chunk, at, line, length, count);
      length += count;
    }

    void requireWithin() {
      if (tooLong) {
        Limits.require("", "max_line_bytes", limit + 1L, limit);
      }
    }

    boolean isBlank() {
      return !tooLong && length <= 1 && (length == 0 || line[0] == '\r');
    }

    byte[] bytes() {
      return line;
    }

    int length() {
      return length;
    }
  }

  /** Lines on their way out, and the digest of all of them. */
  private static final class Output {
    private final OutputStream out;
    private final MessageDigest digest;
    private boolean pending;

    Output(OutputStream out) {
      this.out = out;
      try {
        this.digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    void write(Answer answer) throws IOException {
      for (byte[] bytes : List.of(answer.toBytes(), new byte[] {'\n'})) {
        digest.update(bytes);
        out.write(bytes);
      }
      pending = true;
    }

    /** Sends what there is; until there is something, the status is still open. */
    void flush() throws IOException {
      if (pending) {
        out.flush();
        pending = false;
      }
    }

    void end(long lines, long failed) throws IOException {
      String hex = HexFormat.of().formatHex(digest.digest());
      out.write(
          Answer.of("batch.end")
              .put("lines", lines)
              .put("ok", lines - failed)
              .put("failed", failed)
              .put("digest", "sha256:" + hex)
              .toBytes());
      out.write('\n');
      out.flush();
    }
  }
}
