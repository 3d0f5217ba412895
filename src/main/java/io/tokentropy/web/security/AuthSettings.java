package io.tokentropy.web.security;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param mode none, by key, or by token; unset counts as none, on a loopback address only
 * @param apiKeys SHA-256 of each key, in hex
 * @param apiKeysFile the same, one a line; read again when it changes
 * @param jwt what a token must be
 * @param pages whether the pages, the contract and the browser page want a key as well
 */
@ConfigurationProperties("tokentropy.auth")
record AuthSettings(
    @Nullable Mode mode,
    @DefaultValue List<String> apiKeys,
    @Nullable Path apiKeysFile,
    @DefaultValue Jwt jwt,
    @DefaultValue("false") boolean pages) {

  enum Mode {
    NONE,
    API_KEY,
    JWT
  }

  /**
   * What a token must be.
   *
   * @param issuer its {@code iss}
   * @param audience one of its {@code aud}
   * @param jwksUri where the issuer's public keys are
   * @param algorithms that may have signed it
   * @param cache how long the keys are used before they are asked for again
   * @param outage how much longer where the issuer does not answer
   */
  record Jwt(
      @Nullable String issuer,
      @Nullable String audience,
      @Nullable URI jwksUri,
      @DefaultValue({"RS256", "ES256"}) List<String> algorithms,
      @DefaultValue("5m") Duration cache,
      @DefaultValue("4h") Duration outage) {}
}
