package io.tokentropy.upstream;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
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
  /** Seconds after which the client gives up an idle connection, unless the command line says. */
  private static final String KEPT = "jdk.httpclient.keepalive.timeout";

  /** What a request may say although the client sees to it itself, by names. */
  private static final String ALLOWED = "jdk.httpclient.allowRestrictedHeaders";

  /** Whether the client's classes have heard of it; not if another part was there first. */
  private static final boolean CLOSES;

  static {
    // Read once by the client's classes, before the first of them is made.
    String allowed = System.getProperty(ALLOWED);
    System.setProperty(ALLOWED, allowed == null ? "connection" : allowed + ",connection");
    // llama.cpp and uvicorn close theirs after five seconds. A request that meets a closed one is
    // lost, and must not be sent again, as nobody knows whether the server has read it.
    if (System.getProperty(KEPT) == null) {
      System.setProperty(KEPT, "2");
    }
    CLOSES = mayClose();
  }

  private static boolean mayClose() {
    try {
      HttpRequest.newBuilder().header("Connection", "close");
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

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
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes));
    try {
      return await(call, within, maxBytes);
    } finally {
      call.cancel(true);
    }
  }

  /**
   * Sends a request, whose answer is read as it comes. Its connection serves nothing else: some
   * servers close it behind a stream without saying so, and the next request would be lost.
   */
  CompletableFuture<HttpResponse<Pieces>> start(HttpRequest request) {
    HttpRequest alone =
        CLOSES && http.version() == HttpClient.Version.HTTP_1_1
            ? HttpRequest.newBuilder(request, (name, value) -> true)
                .header("Connection", "close")
                .build()
            : request;
    return http.sendAsync(alone, head -> new Pieces());
  }

  /** The head of that answer. */
  static HttpResponse<Pieces> head(CompletableFuture<HttpResponse<Pieces>> call, Duration within)
      throws UpstreamFailed {
    return await(call, within, 0);
  }

  /** The answer of such a call is not wanted any more, whether it has come or not. */
  static void giveUp(CompletableFuture<HttpResponse<Pieces>> call) {
    CompletableFuture<Void> drop = call.thenAccept(late -> late.body().close());
    if (call.cancel(true)) {
      drop.cancel(false);
    }
  }

  private static <T> HttpResponse<T> await(
      CompletableFuture<HttpResponse<T>> call, Duration within, int maxBytes)
      throws UpstreamFailed {
    try {
      return call.get(Math.max(1, within.toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw UpstreamFailed.late(within, e);
    } catch (CancellationException e) {
      throw UpstreamFailed.abandoned(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io && isTooLong(io)) {
        throw UpstreamFailed.tooLong(maxBytes, e);
      }
      throw isConnecting(e.getCause()) ? UpstreamFailed.unreachable(e) : UpstreamFailed.mute(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UpstreamFailed.abandoned(e);
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
