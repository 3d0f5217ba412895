package io.tokentropy.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How bytes go to one server and come back: never by a redirect, never without an end to the
 * waiting. Safe to share between threads.
 */
final class Transport implements AutoCloseable {
  private final HttpClient http;

  /**
   * Nothing is sent yet.
   *
   * @param connect how long connecting may take; null where only the whole call has a deadline
   */
  Transport(URI url, @Nullable Duration connect) {
    boolean plain = "http".equals(url.getScheme());
    // Over plain TCP the client would ask for HTTP/2, and some servers then lose the body.
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(plain ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (connect != null) {
      client.connectTimeout(connect);
    }
    this.http = client.build();
  }

  /**
   * A whole answer, whatever its status.
   *
   * @param within from connecting to the last byte
   * @param maxBytes of the answer
   */
  HttpResponse<byte[]> send(HttpRequest request, Duration within, int maxBytes)
      throws UpstreamFailed {
    return call(
        request,
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes),
        within,
        maxBytes,
        late -> {});
  }

  /**
   * The head of an answer, whose body is read as it comes.
   *
   * @param within from connecting to the end of the head
   */
  HttpResponse<Pieces> open(HttpRequest request, Duration within) throws UpstreamFailed {
    return call(request, head -> new Pieces(), within, 0, late -> late.body().close());
  }

  /** Takes an answer that came after it was given up. */
  private interface Late<T> {
    void drop(HttpResponse<T> answer);
  }

  private <T> HttpResponse<T> call(
      HttpRequest request, BodyHandler<T> body, Duration within, int maxBytes, Late<T> late)
      throws UpstreamFailed {
    CompletableFuture<HttpResponse<T>> call = http.sendAsync(request, body);
    try {
      return call.get(Math.max(1, within.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      giveUp(call, late);
      throw UpstreamFailed.late(within, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io && isTooLong(io)) {
        throw UpstreamFailed.tooLong(maxBytes, e);
      }
      throw isConnecting(e.getCause()) ? UpstreamFailed.unreachable(e) : UpstreamFailed.mute(e);
    } catch (InterruptedException e) {
      giveUp(call, late);
      Thread.currentThread().interrupt();
      throw UpstreamFailed.abandoned(e);
    }
  }

  private static <T> void giveUp(CompletableFuture<HttpResponse<T>> call, Late<T> late) {
    CompletableFuture<Void> drop = call.thenAccept(late::drop);
    if (call.cancel(true)) {
      drop.cancel(false);
    }
  }

  /** Whether it failed before a byte of the request was sent. */
  private static boolean isConnecting(@Nullable Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof HttpConnectTimeoutException
        || failure instanceof SSLException;
  }

  private static boolean isTooLong(IOException e) {
    String message = e.getMessage();
    return message != null && message.contains("body exceeds");
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
