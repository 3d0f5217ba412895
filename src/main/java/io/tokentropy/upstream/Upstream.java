package io.tokentropy.upstream;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/**
 * A server that the configuration names, never a request. It may be down, slow or hostile: one
 * deadline holds from connecting to the last byte, an answer has a greatest length, and redirects
 * are not followed. Safe to share between threads.
 */
public final class Upstream implements AutoCloseable {
  private static final List<String> HERE = List.of("localhost", "127.0.0.1", "[::1]");

  private final Transport transport;
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
    this.transport = new Transport(url, null);
    this.url = url;
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  /** Whether nobody on the way can read along: https, or http that does not leave this machine. */
  public static boolean isPrivate(URI url) {
    String host = url.getHost();
    return "https".equals(url.getScheme())
        || ("http".equals(url.getScheme()) && host != null && HERE.contains(host));
  }

  /** Whether a header can hold a key. */
  public static boolean isSendable(String key) {
    return !key.isEmpty() && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
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
    HttpResponse<byte[]> answer = transport.send(request.build(), timeout, maxBytes);
    if (answer.statusCode() != 200) {
      throw UpstreamFailed.refused(answer, answer.body());
    }
    return answer.body();
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    transport.close();
  }
}
