package io.tokentropy.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that the configuration names, never a request. It may be down, slow or hostile: one
 * deadline holds from connecting to the last byte, an answer has a greatest length, and redirects
 * are not followed. Safe to share between threads.
 */
public final class Upstream implements AutoCloseable {
  private final HttpClient http;
  private final URI url;
  private final Duration timeout;
  private final int maxBytes;

  /**
   * Nothing is sent yet.
   *
   * @param timeout for one call, the whole answer included
   * @param maxBytes of one answer
   */
  public Upstream(URI url, Duration timeout, int maxBytes) {
    boolean plain = "http".equals(url.getScheme());
    // Over plain TCP the client would ask for HTTP/2, and some servers then lose the body.
    this.http =
        HttpClient.newBuilder()
            .version(plain ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.url = url;
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  /** A request for this server, which {@link #send} takes. */
  public HttpRequest.Builder request() {
    return HttpRequest.newBuilder(url);
  }

  /**
   * The body of its answer with status 200.
   *
   * @throws UpstreamFailed on any other answer, or none
   */
  public byte[] send(HttpRequest.Builder request) throws UpstreamFailed {
    CompletableFuture<HttpResponse<byte[]>> call =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes));
    try {
      HttpResponse<byte[]> answer = call.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      int status = answer.statusCode();
      if (status != 200) {
        throw new UpstreamFailed("answered with status " + status, status, null);
      }
      return answer.body();
    } catch (TimeoutException e) {
      call.cancel(true);
      throw new UpstreamFailed("took longer than " + timeout.toMillis() + " ms", 0, e);
    } catch (ExecutionException e) {
      boolean cut = e.getCause() instanceof IOException io && isTooLong(io);
      throw new UpstreamFailed(
          cut ? "gave an answer longer than " + maxBytes + " bytes" : "cannot be reached", 0, e);
    } catch (InterruptedException e) {
      call.cancel(true);
      Thread.currentThread().interrupt();
      throw new UpstreamFailed("was not waited for", 0, e);
    }
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
