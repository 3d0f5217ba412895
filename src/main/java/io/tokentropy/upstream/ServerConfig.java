package io.tokentropy.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the configuration says of one model server.
 *
 * @param name by which requests and other settings name it
 * @param url that its paths begin with, without {@code /v1}
 * @param model that it is asked for
 * @param vocabSize of the model, for upper bounds
 */
public record ServerConfig(
    String name,
    URI url,
    ServerKind kind,
    String model,
    ApiKey key,
    OptionalInt vocabSize,
    Times times,
    int maxStreams,
    Cancels cancels,
    Prices prices) {
  /** Whether closing a connection ends the work behind it. */
  public enum Cancels {
    /** As it was seen to do when it was tried. */
    AUTO,
    YES,
    NO
  }

  /**
   * How long is waited.
   *
   * @param connect for a connection
   * @param firstToken from sending a request to the first byte of an answer's body
   * @param idle from one event of a stream to the next
   */
  public record Times(Duration connect, Duration firstToken, Duration idle) {}

  /** What a million tokens cost, where that is known. */
  public record Prices(OptionalDouble input, OptionalDouble cachedInput, OptionalDouble output) {}

  /**
   * A server that can be asked.
   *
   * @throws IllegalArgumentException if the address is none, is readable by others and that was not
   *     said to be fine, or a number or a time is not above 0; names the setting
   */
  public ServerConfig {
    List<Duration> waits = List.of(times.connect(), times.firstToken(), times.idle());
    require(name, waits.stream().allMatch(Duration::isPositive), "_*_TIMEOUT: expected a time > 0");
    require(name, maxStreams > 0, "_MAX_STREAMS is " + maxStreams + ", expected at least 1");
    require(
        name,
        vocabSize.orElse(1) > 0,
        "_VOCAB_SIZE is " + vocabSize.orElse(0) + ", expected at least 1");
    for (OptionalDouble price : List.of(prices.input(), prices.cachedInput(), prices.output())) {
      require(name, price.orElse(0) >= 0, "_PRICE_*: expected nothing below 0");
    }
  }

  /**
   * The address without what every server has behind it.
   *
   * @param plaintext whether others may read what is sent
   * @throws IllegalArgumentException as above
   */
  public static URI address(String name, URI url, boolean plaintext) {
    boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    require(
        name,
        web && url.getHost() != null && url.getQuery() == null && url.getUserInfo() == null,
        "_URL is no address such as http://localhost:8000 or https://models.example.org");
    require(
        name,
        plaintext || Upstream.isPrivate(url),
        "_URL begins with http:// and is not on this machine: prompts could be read on the way;"
            + " expected https, or "
            + setting(name)
            + "_PLAINTEXT=true if that network is trusted");
    return URI.create(url.toString().replaceFirst("/+$", "").replaceFirst("/v1$", ""));
  }

  /** {@code TOKENTROPY_UPSTREAMS_SMALL}, with which all settings of a server begin. */
  public static String setting(String name) {
    return "TOKENTROPY_UPSTREAMS_" + name.toUpperCase(Locale.ROOT).replace("-", "");
  }

  private static void require(String name, boolean fine, String message) {
    if (!fine) {
      throw new IllegalArgumentException(setting(name) + message);
    }
  }
}
