package io.tokentropy.web.gateway;

import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.Engines;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ModelServers;
import io.tokentropy.web.gateway.GatewaySettings.Member;
import io.tokentropy.web.gateway.GatewaySettings.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The pairs of the configuration, and the names under which clients ask for them. */
@Component
class Pairs {
  private final SequencedMap<String, Pair> pairs = new LinkedHashMap<>();
  private final SequencedMap<String, Target> targets = new LinkedHashMap<>();

  /**
   * Two servers under one name.
   *
   * @param plan how they switch; null if one of them answers for both
   */
  record Pair(
      String name,
      ModelServer small,
      ModelServer large,
      Member serve,
      Mode mode,
      @Nullable SwitchPlan plan) {
    ModelServer server(Member member) {
      return member == Member.SMALL ? small : large;
    }
  }

  /**
   * What a client can ask for.
   *
   * @param whole whether the pair was asked for, and not one of its models
   */
  record Target(Pair pair, Member member, boolean whole) {
    ModelServer server() {
      return pair.server(member);
    }
  }

  Pairs(GatewaySettings settings, ModelServers servers) {
    if (!settings.enabled()) {
      return;
    }
    settings
        .pairs()
        .forEach(
            (name, pair) -> {
              ModelServer small = server(name, "_SMALL", pair.small(), servers);
              ModelServer large = server(name, "_LARGE", pair.large(), servers);
              SwitchPlan plan =
                  pair.mode() == Mode.SWITCH
                      ? plan(name, pair, small, large, settings.maxChoices())
                      : null;
              add(new Pair(name, small, large, pair.serve(), pair.mode(), plan));
            });
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_GATEWAY_ENABLED is true; TOKENTROPY_GATEWAY_PAIRS_<NAME>_SMALL and _LARGE"
              + " must name the servers of at least one pair");
    }
  }

  private void add(Pair pair) {
    pairs.put(pair.name(), pair);
    targets.put(pair.name(), new Target(pair, pair.serve(), true));
    for (Member member : Member.values()) {
      targets.put(pair.name() + ":" + member.wire(), new Target(pair, member, false));
    }
  }

  private static SwitchPlan plan(
      String name,
      GatewaySettings.Pair pair,
      ModelServer small,
      ModelServer large,
      int maxChoices) {
    EadSettings ead = pair.ead();
    if (ead == null || ead.threshold() == null) {
      throw new IllegalArgumentException(
          setting(name)
              + "_EAD_THRESHOLD is missing; a pair switches where the entropy, in nats, is above"
              + " it. POST /v1/ead/calibrate finds one on your own traffic");
    }
    try {
      return new SwitchPlan(
          new io.tokentropy.gateway.Pair(
              engine(name, small),
              engine(name, large),
              pair.chunk(),
              pair.onFailure() == GatewaySettings.OnFailure.OTHER,
              Thread::sleep),
          ead.config(),
          pair.unswitchable(),
          maxChoices);
    } catch (InvalidInput e) {
      throw new IllegalArgumentException(setting(name) + "_EAD_*: " + e.detail(), e);
    }
  }

  private static Engine engine(String pair, ModelServer server) {
    return Engines.of(server)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    setting(pair)
                        + "_MODE is switch, and a server of kind "
                        + server.config().kind().name().toLowerCase(Locale.ROOT)
                        + " cannot go on behind the tokens of another; expected llamacpp or vllm"));
  }

  private static String setting(String pair) {
    return "TOKENTROPY_GATEWAY_PAIRS_" + pair.toUpperCase(Locale.ROOT).replace("-", "");
  }

  private static ModelServer server(
      String pair, String setting, @Nullable String name, ModelServers servers) {
    String full = setting(pair) + setting;
    if (name == null) {
      throw new IllegalArgumentException(full + " is missing");
    }
    return servers
        .find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    full
                        + " is "
                        + name
                        + ", and there is no TOKENTROPY_UPSTREAMS_* of that name"));
  }

  List<Pair> all() {
    return new ArrayList<>(pairs.values());
  }

  /** The names that clients may ask for. */
  List<String> names() {
    return new ArrayList<>(targets.keySet());
  }

  Optional<Target> find(String name) {
    return Optional.ofNullable(targets.get(name));
  }

  /** The same, in the order of the alphabet. */
  Set<String> known() {
    return new TreeSet<>(targets.keySet());
  }
}
