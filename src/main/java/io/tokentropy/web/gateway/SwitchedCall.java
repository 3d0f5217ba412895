package io.tokentropy.web.gateway;

import io.tokentropy.gateway.Ended;
import io.tokentropy.gateway.GatewayFailed;
import io.tokentropy.gateway.Listener;
import io.tokentropy.gateway.Question;
import io.tokentropy.gateway.Switched;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.openai.Explained;
import io.tokentropy.gateway.openai.Head;
import io.tokentropy.gateway.openai.StreamedAnswer;
import io.tokentropy.gateway.openai.WholeAnswer;
import io.tokentropy.metrics.GatewayMeters;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.wire.Wire;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * One request that both models of a pair answer together. While they do, it is seen whether the
 * client is still there; if not, both servers' work ends.
 */
final class SwitchedCall {
  /** So often it is looked whether the client is still there. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final SwitchPlan plan;
  private final Deadline deadline;
  private final Duration heartbeat;
  private final GatewayMeters.Call meters;
  private boolean told;

  /**
   * An answer to be.
   *
   * @param heartbeat of silence, after which a stream says that it goes on
   */
  SwitchedCall(
      HttpServletRequest request,
      HttpServletResponse response,
      SwitchPlan plan,
      Deadline deadline,
      Duration heartbeat,
      GatewayMeters.Call meters) {
    this.request = request;
    this.response = response;
    this.plan = plan;
    this.deadline = deadline;
    this.heartbeat = heartbeat;
    this.meters = meters;
  }

  /**
   * Answers.
   *
   * @throws SwitchProblem if nothing was sent yet, and nothing can be
   */
  void run(String model, SwitchPlan.Both both) {
    var head = new Head(Exchange.of(request).id(), System.currentTimeMillis() / 1000, model);
    response.setHeader("X-Tokentropy-Mode", "switch");
    if (both.asked().form().stream()) {
      stream(head, both);
    } else {
      whole(head, both);
    }
  }

  private Switched switched(SwitchPlan.Both both, Listener listener) {
    var asked = both.asked();
    return new Switched(
        plan.pair(),
        new Question(
            asked.prompt(),
            asked.maxTokens(),
            asked.sampling(),
            asked.stops(),
            asked.choices(),
            asked.seed(),
            both.ead(),
            deadline),
        new Counted(listener, meters, asked.choices()));
  }

  private void whole(Head head, SwitchPlan.Both both) {
    long start = System.nanoTime();
    var answer = new WholeAnswer(head, both.asked().form());
    List<Ended> ended;
    try {
      ended = await(switched(both, answer), () -> {});
    } catch (GatewayFailed e) {
      throw new SwitchProblem(e);
    }
    var explained = new Explained(ended);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setHeader(
        "X-Tokentropy-Large-Fraction",
        String.format(Locale.ROOT, "%.4f", explained.largeFraction()));
    response.setHeader("X-Tokentropy-Switches", Long.toString(explained.switches()));
    response.setHeader(
        "Server-Timing",
        String.format(Locale.ROOT, "answer;dur=%.3f", (System.nanoTime() - start) / 1e6));
    byte[] body = answer.body(ended, both.ead().costRatio()).toBytes();
    response.setContentLength(body.length);
    try {
      response.getOutputStream().write(body);
    } catch (IOException e) {
      throw gone(e);
    }
    outcome("ok");
  }

  private void stream(Head head, SwitchPlan.Both both) {
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    StreamedAnswer answer;
    try {
      answer = new StreamedAnswer(head, both.asked().form(), response.getOutputStream());
    } catch (IOException e) {
      throw gone(e);
    }
    OptionalDouble costRatio = both.ead().costRatio();
    try {
      List<Ended> ended = await(switched(both, answer), () -> answer.alive(heartbeat.toNanos()));
      answer.done(ended, costRatio);
      outcome("ok");
    } catch (GatewayFailed e) {
      var problem = new SwitchProblem(e);
      if (!answer.hasBegun()) {
        response.setContentType(null);
        throw problem;
      }
      breakOff(answer, problem.problem());
    } catch (UncheckedIOException e) {
      outcome("client_gone");
      throw e;
    }
  }

  /** Says in the stream what went wrong; it has no end. */
  private void breakOff(StreamedAnswer answer, Problem problem) {
    try {
      answer.failed(problem.toError());
      response.flushBuffer();
    } catch (IOException e) {
      throw gone(e);
    } finally {
      Wire.of(request).drop();
    }
  }

  /** Waits for all answers for as long as the client does. */
  private List<Ended> await(Switched switched, Runnable meanwhile) throws GatewayFailed {
    var result = new CompletableFuture<List<Ended>>();
    Thread.ofVirtual()
        .name("switched")
        .start(
            () -> {
              try {
                result.complete(switched.run());
              } catch (GatewayFailed | InterruptedException | RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    try {
      while (true) {
        try {
          return result.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          meanwhile.run();
          if (Wire.of(request).isGone()) {
            throw gone(new IOException("the client has gone"));
          }
        }
      }
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw gone(new IOException("nobody waits any more"));
    } finally {
      switched.cancel();
    }
  }

  private GatewayFailed failure(@Nullable Throwable cause) {
    if (cause instanceof GatewayFailed failed) {
      outcome(failed.first().fault().wire());
      return failed;
    }
    if (cause instanceof UncheckedIOException io) {
      throw io;
    }
    throw new IllegalStateException(cause);
  }

  /** The first that is told counts. */
  private void outcome(String word) {
    if (!told) {
      told = true;
      meters.outcome(word);
    }
  }

  private UncheckedIOException gone(IOException e) {
    outcome("client_gone");
    return new UncheckedIOException(e);
  }
}
