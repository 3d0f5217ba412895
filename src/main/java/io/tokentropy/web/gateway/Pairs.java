package io.tokentropy.web.gateway;

import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ModelServers;
import io.tokentropy.web.gateway.GatewaySettings.Member;
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

  /** Two servers under one name. */
  record Pair(String name, ModelServer small, ModelServer large, Member serve) {
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
              add(new Pair(name, small, large, pair.serve()));
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

  private static ModelServer server(
      String pair, String setting, @Nullable String name, ModelServers servers) {
    String full =
        "TOKENTROPY_GATEWAY_PAIRS_" + pair.toUpperCase(Locale.ROOT).replace("-", "") + setting;
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
