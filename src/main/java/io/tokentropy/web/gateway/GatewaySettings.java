package io.tokentropy.web.gateway;

import java.time.Duration;
import java.util.Locale;
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
 * @param check whether the servers are tried at the start
 * @param upstreamErrors whether what a server writes beside a refusal is passed on
 * @param maxChoices answers of one request to a pair that switches
 * @param heartbeat of silence, after which such a stream says that it goes on
 */
@ConfigurationProperties("tokentropy.gateway")
record GatewaySettings(
    @DefaultValue("false") boolean enabled,
    @DefaultValue Map<String, Pair> pairs,
    @DefaultValue("128") int maxStreams,
    @DefaultValue("10m") Duration deadline,
    @DefaultValue("1048576") int maxPromptBytes,
    @DefaultValue("true") boolean check,
    @DefaultValue("false") boolean upstreamErrors,
    @DefaultValue("8") int maxChoices,
    @DefaultValue("15s") Duration heartbeat) {

  /**
   * Two servers.
   *
   * @param small name of the server of the small model
   * @param large name of the server of the large one
   * @param serve which of the two answers for the pair
   * @param mode whether one of the two answers, one with a score, or both together
   * @param chunk tokens of one call at most, where closing a connection does not end the call; 0
   *     for no such limit
   * @param unswitchable who answers what two models cannot answer together
   * @param onFailure what happens when one of the two fails within an answer
   * @param ead when to switch
   */
  record Pair(
      @Nullable String small,
      @Nullable String large,
      @DefaultValue("large") Member serve,
      @DefaultValue("passthrough") Mode mode,
      @DefaultValue("0") int chunk,
      @DefaultValue("large") SwitchPlan.Unswitchable unswitchable,
      @DefaultValue("other") OnFailure onFailure,
      @Nullable EadSettings ead) {}

  /** Who answers for a pair. */
  enum Mode {
    PASSTHROUGH,
    ATTACH,
    SWITCH;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happens when a server fails within an answer. */
  enum OnFailure {
    /** The other one goes on. */
    OTHER,
    /** The answer fails. */
    FAIL
  }

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
    if (maxStreams < 1
        || maxPromptBytes < 1
        || maxChoices < 1
        || !deadline.isPositive()
        || !heartbeat.isPositive()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_GATEWAY_MAX_STREAMS, _MAX_PROMPT_BYTES, _MAX_CHOICES, _DEADLINE, _HEARTBEAT:"
              + " expected more than 0");
    }
  }
}
