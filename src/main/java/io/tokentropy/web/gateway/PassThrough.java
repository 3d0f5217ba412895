package io.tokentropy.web.gateway;

import io.tokentropy.json.Answer;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.metrics.GatewayMeters;
import io.tokentropy.upstream.ByteStream;
import io.tokentropy.upstream.Retry;
import io.tokentropy.upstream.UpstreamFailed;
import io.tokentropy.web.gateway.GatewaySettings.Mode;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.Refused;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.http.MediaType;

/**
 * One answer of a server, passed on as it comes. While nothing comes, it is seen whether the client
 * is still there: if not, the server's work ends.
 */
final class PassThrough {
  /** So often it is looked whether the client is still there. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Bytes that are held of an answer at a time, about. */
  private static final int HELD = 64 << 10;

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Pairs.Target target;
  private final long deadline;
  private final GatewayMeters.Call meters;
  private final Mode mode;
  private final Way way;
  private boolean begun;
  private boolean events;

  /** What becomes of an answer's bytes. */
  interface Way {
    /**
     * The passage of an answer that begins.
     *
     * @param events whether it is a stream of events
     */
    Passage of(boolean events);
  }

  /**
   * An answer to be.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @param mode that the client is told
   */
  PassThrough(
      HttpServletRequest request,
      HttpServletResponse response,
      Pairs.Target target,
      long deadline,
      GatewayMeters.Call meters,
      Mode mode,
      Way way) {
    this.request = request;
    this.response = response;
    this.target = target;
    this.deadline = deadline;
    this.meters = meters;
    this.mode = mode;
    this.way = way;
  }

  /**
   * Asks the server and passes on what it answers.
   *
   * @throws UpstreamProblem if it gives nothing that can be passed on
   */
  void run(String path, byte[] body, Account account) {
    account.take(Book.BODIES, body.length);
    account.take(Book.ANSWERS, HELD);
    try (ByteStream stream = Retry.once(() -> open(path, body))) {
      pass(stream);
      meters.outcome("ok");
    } catch (UpstreamFailed e) {
      meters.outcome(e.why().wire());
      UpstreamProblem problem = new UpstreamProblem(target.server().config().name(), e);
      if (!begun) {
        throw problem;
      }
      breakOff(problem.problem(false));
    } catch (Refused e) {
      meters.outcome(e.kind().code());
      if (!begun) {
        throw e;
      }
      breakOff(e.problem());
    }
  }

  private Duration left() {
    return Duration.ofNanos(deadline - System.nanoTime());
  }

  private ByteStream open(String path, byte[] body) throws UpstreamFailed {
    ByteStream stream = target.server().send(path, body, left());
    try {
      awaitPart(stream, target.server().config().times().firstToken());
      stream.await();
      return stream;
    } catch (UpstreamFailed | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  /** Waits for the next part for as long as the client does. */
  private void awaitPart(ByteStream stream, Duration most) throws UpstreamFailed {
    long until = Math.min(deadline, System.nanoTime() + most.toNanos());
    while (!stream.isReady(LOOK)) {
      if (System.nanoTime() - until > 0) {
        throw stream.late(most);
      }
      if (Wire.of(request).isGone()) {
        throw gone(new IOException("the client has gone"));
      }
    }
  }

  private UncheckedIOException gone(IOException e) {
    meters.outcome("client_gone");
    return new UncheckedIOException(e);
  }

  private void pass(ByteStream stream) throws UpstreamFailed {
    Duration idle = target.server().config().times().idle();
    byte[] next = stream.next();
    meters.firstByte();
    events = stream.mediaType().startsWith(MediaType.TEXT_EVENT_STREAM_VALUE);
    Passage passage = way.of(events);
    while (next != null) {
      send(passage.next(next));
      awaitPart(stream, idle);
      next = stream.next();
    }
    send(passage.end());
    if (!begun) {
      head();
    }
  }

  private void send(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    if (!begun) {
      head();
      begun = true;
    }
    try {
      OutputStream out = response.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private void head() {
    response.setContentType(
        events ? MediaType.TEXT_EVENT_STREAM_VALUE : MediaType.APPLICATION_JSON_VALUE);
    response.setHeader("X-Tokentropy-Mode", mode.wire());
  }

  /** Says in the stream what went wrong, and ends it where it has no end. */
  private void breakOff(Problem problem) {
    try {
      if (events) {
        byte[] event = new Answer().put("error", problem.toError()).toBytes();
        String data = "data: " + new String(event, StandardCharsets.UTF_8) + "\n\n";
        response.getOutputStream().write(data.getBytes(StandardCharsets.UTF_8));
      }
      response.flushBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Wire.of(request).drop();
    }
  }
}
