package io.tokentropy.web.gateway;

import io.tokentropy.endpoint.switching.EadConfigForm;
import io.tokentropy.json.Fields;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.Profile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When a pair switches: the fields of {@code /v1/ead}'s {@code config}, in nats. What is not set is
 * the profile's.
 *
 * @param threshold without it, a pair does not switch
 */
record EadSettings(
    @Nullable Double threshold,
    @Nullable String profile,
    @Nullable Double hysteresis,
    @Nullable Integer window,
    @Nullable String smoothing,
    @Nullable String initial,
    @Nullable Integer minSmall,
    @Nullable Integer minLarge,
    @Nullable Integer cooldown,
    @Nullable Integer maxLargeStint,
    @Nullable Double maxLargeFraction,
    @Nullable Integer maxSwitches,
    @Nullable String onEscalate,
    @Nullable String point,
    @Nullable Double costRatio) {

  /**
   * The configuration.
   *
   * @throws io.tokentropy.refusal.InvalidInput if it is none
   */
  EadConfig config() {
    Map<String, String> said = new LinkedHashMap<>();
    put(said, "profile", profile == null ? Profile.GATEWAY.wire() : profile);
    put(said, "threshold", threshold);
    put(said, "hysteresis", hysteresis);
    put(said, "window", window);
    put(said, "smoothing", smoothing);
    put(said, "initial", initial);
    put(said, "min_small", minSmall);
    put(said, "min_large", minLarge);
    put(said, "cooldown", cooldown);
    put(said, "max_large_stint", maxLargeStint);
    put(said, "max_large_fraction", maxLargeFraction);
    put(said, "max_switches", maxSwitches);
    put(said, "on_escalate", onEscalate);
    put(said, "point", point);
    put(said, "cost_ratio", costRatio);
    return EadConfigForm.read(Fields.ofQuery(said));
  }

  private static void put(Map<String, String> said, String name, @Nullable Object value) {
    if (value != null) {
      said.put(name, value.toString());
    }
  }
}
