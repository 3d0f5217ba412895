package io.tokentropy.web.call;

import io.tokentropy.embedding.EmbeddingUnavailable;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.entailment.JudgeUnavailable;
import io.tokentropy.json.Answer;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.admission.Dear;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import io.tokentropy.web.wire.Leftovers;
import io.tokentropy.web.wire.Wire;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * {@code /v1/batch}: many calls in one stream, answered in order as they come. What is held is one
 * line in and one line out.
 */
@Component
public class Batch {
  public static final String NDJSON = "application/x-ndjson";

  /** Two more names of the same. */
  public static final String JSONL = "application/jsonl";

  public static final String JSON_LINES = "application/x-jsonlines";
  public static final String PATH = "/v1/batch";
  private static final int BUFFER = 65_536;
  private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

  private final Endpoints endpoints;
  private final Ledger ledger;
  private final Admission admission;
  private final Work work;
  private final Limit lineBytes;
  private final Reader reader;
  private final int slowestReader;

  Batch(
      Endpoints endpoints,
      Ledger ledger,
      Admission admission,
      Work work,
      Limits limits,
      AdmissionSettings settings) {
    this.endpoints = endpoints;
    this.ledger = ledger;
    this.work = work;
    this.slowestReader = settings.slowestReader();
    this.admission = admission;
    this.lineBytes = limits.body().lineBytes();
    this.reader = new Reader(limits.json());
  }

  /** Answers a stream of calls. */
  public void answer(HttpServletRequest request, HttpServletResponse response) {
    String url = request.getParameter("url");
    if (url != null) {
      endpoint(url, "/url");
    }
    for (String name : request.getParameterMap().keySet()) {
      if (!name.equals("url")) {
        throw new InvalidInput.UnknownField(
            "/" + name.replaceAll("\\p{Cntrl}", "?"), "there is no such parameter; known is url");
      }
    }
    Exchange exchange = Exchange.of(request);
    exchange.endpoint(PATH);
    exchange.input("ndjson");
    Bodies.requirePlain(request);
    response.setContentType(NDJSON);
    try (Admission.Place _ = admission.batch();
        Account account = ledger.open()) {
      account.take(Book.ANSWERS, BUFFER);
      var paced = new Paced(response.getOutputStream(), Wire.of(request), slowestReader);
      var out = new Output(new BufferedOutputStream(paced, BUFFER));
      var lines = new Lines(request, lineBytes, account, out, admission);
      run(request, url, lines, out, account);
    } catch (IOException e) {
      throw Bodies.cutOff(e);
    }
  }

  private Endpoint<?> endpoint(String url, String pointer) {
    Endpoint<?> endpoint = endpoints.byPath().get(url);
    if (endpoint == null) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer, "another path", "a call" + DidYouMean.suffix(url, endpoints.byPath().keySet()));
    }
    return endpoint;
  }

  private void run(
      HttpServletRequest request, @Nullable String url, Lines lines, Output out, Account account)
      throws IOException {
    long number = 0;
    long failed = 0;
    try {
      while (lines.next()) {
        Line line = answer(request, url, lines, account);
        failed += line.failed() ? 1 : 0;
        out.write(new Answer().put("line", number++).putAll(line.answer()), account);
        account.giveBackAll(Book.VALUES);
      }
    } catch (Refused e) {
      if (number == 0) {
        throw e;
      }
      failed++;
      Leftovers.discard(request);
      Line last = failed(new Answer(), e.problem());
      out.write(new Answer().put("line", number++).putAll(last.answer()), account);
    }
    out.end(number, failed);
  }

  /** What is written for a line. */
  private record Line(Answer answer, boolean failed) {}

  private Line answer(
      HttpServletRequest request, @Nullable String url, Lines lines, Account account) {
    Answer answer = new Answer();
    try (Admission.Core core = admission.core()) {
      lines.requireWithin();
      core.enterInTurn();
      Value line = reader.readValue(lines.bytes(), lines.length(), account);
      if (url != null) {
        Endpoint<?> endpoint = endpoint(url, "/url");
        Fields asked = Endpoints.fields(endpoint, line);
        return answered(answer, work.answer(endpoint, asked, core, account, this::patience));
      }
      Fields fields = line.asFields();
      answer.put("custom_id", fields.text("custom_id"));
      requirePost(fields);
      Value path = fields.require("url");
      Endpoint<?> endpoint = endpoint(path.asText(), path.pointer());
      Value body = fields.require("body");
      fields.done();
      Fields asked = Endpoints.fields(endpoint, body);
      return answered(
          answer,
          InvalidInput.under(
              body.pointer(), () -> work.answer(endpoint, asked, core, account, this::patience)));
    } catch (InvalidInput e) {
      return failed(answer, Problem.of(e));
    } catch (EmbeddingUnavailable e) {
      return failed(answer, Problem.of(e));
    } catch (JudgeUnavailable e) {
      return failed(answer, Problem.of(e));
    } catch (Refused e) {
      return failed(answer, e.problem());
    } catch (RuntimeException e) {
      LOG.error("a line of request {} failed", Exchange.of(request).id(), e);
      return failed(answer, Problem.of(ProblemKind.INTERNAL, ProblemKind.INTERNAL.meaning));
    }
  }

  /** Who has gone is noticed when the next line is read or written. */
  private Dear.Patience patience() {
    return admission.patience(null, System.nanoTime(), () -> false);
  }

  private static void requirePost(Fields fields) {
    Value method = fields.get("method");
    if (method != null && !method.asText().equals("POST")) {
      throw new InvalidInput.ParameterOutOfRange(method.pointer(), method.found(), "\"POST\"");
    }
  }

  private static Line answered(Answer answer, Answer found) {
    return new Line(answer.put("status", 200).put("body", found), false);
  }

  private static Line failed(Answer answer, Problem problem) {
    return new Line(
        answer.put("status", problem.kind().status).put("error", problem.toAnswer()), true);
  }

  /**
   * The lines of a stream, one at a time, in a buffer that grows no further than the limit. Before
   * it waits for more, the answers so far are sent. A line must be there within the time that a
   * body has, so that a stream on which nothing comes ends.
   */
  private static final class Lines {
    private final InputStream in;
    private final Wire wire;
    private final Output answers;
    private final Limit most;
    private final int limit;
    private final Account account;
    private final Admission admission;
    private final byte[] chunk = new byte[65_536];
    private int at;
    private int end;
    private byte[] line = new byte[65_536];
    private int length;
    private boolean tooLong;

    Lines(
        HttpServletRequest request,
        Limit most,
        Account account,
        Output answers,
        Admission admission)
        throws IOException {
      this.in = request.getInputStream();
      this.wire = Wire.of(request);
      this.answers = answers;
      this.most = most;
      this.limit = most.toInt();
      this.account = account;
      this.admission = admission;
      account.take(Book.BODIES, line.length + chunk.length);
    }

    /**
     * Reads the next line that is not empty; false at the end. One that is too long is read over.
     */
    boolean next() throws IOException {
      long deadline = admission.bodyDeadline(System.nanoTime());
      wire.readPartUntil(deadline);
      length = 0;
      tooLong = false;
      while (true) {
        if (at == end) {
          answers.flush();
          end = Math.max(0, read());
          at = 0;
          if (System.nanoTime() - deadline > 0) {
            throw Bodies.late();
          }
          if (end == 0) {
            return !isBlank();
          }
        }
        int newline = at;
        while (newline < end && chunk[newline] != '\n') {
          newline++;
        }
        keep(newline - at);
        boolean done = newline < end;
        at = done ? newline + 1 : end;
        if (done && !isBlank()) {
          return true;
        }
        length = done ? 0 : length;
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
        int smaller = line.length;
        account.take(Book.BODIES, larger);
        line = Arrays.copyOf(line, larger);
        account.giveBack(Book.BODIES, smaller);
      }
      System.arraycopy(chunk, at, line, length, count);
      length += count;
    }

    void requireWithin() {
      if (tooLong) {
        most.require("", limit + 1L);
      }
    }

    private boolean isBlank() {
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

    /** Writes a line; its bytes are held until they are written. */
    void write(Answer answer, Account account) throws IOException {
      var pages = new Pages(account);
      answer.writeTo(pages);
      pages.write('\n');
      pages.sendTo(this::digested);
      pending = true;
      account.giveBack(Book.ANSWERS, pages.length());
    }

    private void digested(byte[] bytes) throws IOException {
      digest.update(bytes);
      out.write(bytes);
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
