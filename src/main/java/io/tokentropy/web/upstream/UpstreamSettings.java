package io.tokentropy.web.upstream;

import io.tokentropy.upstream.ApiKey;
import io.tokentropy.upstream.ServerConfig;
import io.tokentropy.upstream.ServerKind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The model servers that may be asked.
 *
 * @param upstreams by name
 */
@ConfigurationProperties("tokentropy")
record UpstreamSettings(@DefaultValue Map<String, Server> upstreams) {
  /**
   * One of them.
   *
   * @param url its address, with or without {@code /v1}
   * @param model that it is asked for
   * @param apiKeyFile holds the key instead
   * @param plaintext whether others may read what is sent to it
   * @param priceInput of a million tokens
   */
  record Server(
      @Nullable URI url,
      @Nullable ServerKind kind,
      @Nullable String model,
      @Nullable String apiKey,
      @Nullable Path apiKeyFile,
      @DefaultValue("false") boolean plaintext,
      @Nullable Integer vocabSize,
      @DefaultValue("2s") Duration connectTimeout,
      @DefaultValue("30s") Duration firstTokenTimeout,
      @DefaultValue("30s") Duration idleTimeout,
      @DefaultValue("64") int maxStreams,
      @DefaultValue("auto") ServerConfig.Cancels cancels,
      @Nullable Double priceInput,
      @Nullable Double priceCachedInput,
      @Nullable Double priceOutput) {

    private ServerConfig config(String name) {
      if (!name.matches("[a-z0-9][a-z0-9-]*")) {
        throw new IllegalArgumentException(
            "an upstream is called \"" + name + "\", expected small letters, digits and hyphens");
      }
      if (url == null || kind == null || model == null) {
        String missing = url == null ? "_URL" : kind == null ? "_KIND" : "_MODEL";
        throw new IllegalArgumentException(
            ServerConfig.setting(name)
                + missing
                + " is missing; a server has _URL, _KIND and _MODEL, and its name no underscore");
      }
      return new ServerConfig(
          name,
          ServerConfig.address(name, url, plaintext),
          kind,
          model,
          ApiKey.of(name, apiKey, apiKeyFile),
          vocabSize == null ? OptionalInt.empty() : OptionalInt.of(vocabSize),
          new ServerConfig.Times(connectTimeout, firstTokenTimeout, idleTimeout),
          maxStreams,
          cancels,
          new ServerConfig.Prices(price(priceInput), price(priceCachedInput), price(priceOutput)));
    }

    private static OptionalDouble price(@Nullable Double price) {
      return price == null ? OptionalDouble.empty() : OptionalDouble.of(price);
    }
  }

  /**
   * All of them.
   *
   * @throws IllegalArgumentException if one cannot be asked as it is configured; names the setting
   */
  List<ServerConfig> configs() {
    return upstreams.entrySet().stream()
        .map(server -> server.getValue().config(server.getKey()))
        .toList();
  }
}
