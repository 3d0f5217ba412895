package io.tokentropy.web.gateway;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The gateway between clients of OpenAI and pairs of model servers.
 *
 * @param enabled whether it answers at all
 * @param pairs by name
 * @param maxStreams answers that are under way at once
 * @param deadline for one answer
 * @param maxPromptBytes of one request
 * @param upstreamErrors whether what a server writes beside a refusal is passed on
 */
@ConfigurationProperties("tokentropy.gateway")
record GatewaySettings(
    @DefaultValue("false") boolean enabled,
    @DefaultValue Map<String, Pair> pairs,
    @DefaultValue("128") int maxStreams,
    @DefaultValue("10m") Duration deadline,
    @DefaultValue("1048576") int maxPromptBytes,
    @DefaultValue("false") boolean upstreamErrors) {

  /**
   * Two servers.
   *
   * @param small name of the server of the small model
   * @param large name of the server of the large one
   * @param serve which of the two answers for the pair
   */
  record Pair(
      @Nullable String small, @Nullable String large, @DefaultValue("large") Member serve) {}

  /** One of the two models of a pair. */
  enum Member {
    SMALL,
    LARGE;

    String wire() {
      return this == SMALL ? "small" : "large";
    }
  }

  /**
   * The same.
   *
   * @throws IllegalArgumentException if a number or a time is not above 0
   */
  GatewaySettings {
    if (maxStreams < 1 || maxPromptBytes < 1 || !deadline.isPositive()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_GATEWAY_MAX_STREAMS, _MAX_PROMPT_BYTES, _DEADLINE: expected more than 0");
    }
  }
}
