package io.tokentropy.web.call;

import io.tokentropy.entailment.ChatJudge;
import io.tokentropy.entailment.Judge;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ModelServers;
import io.tokentropy.upstream.Retry;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What says whether one answer follows from another.
 *
 * @param upstream the model server that is asked, by its name; null if there is none
 * @param atOnce pairs of one request that it is asked about at the same time
 * @param timeout of one of these calls
 */
@ConfigurationProperties("tokentropy.entailment")
record EntailmentSettings(
    @Nullable String upstream,
    @DefaultValue("8") int atOnce,
    @DefaultValue("10s") Duration timeout) {
  private static final String PATH = "/v1/chat/completions";

  EntailmentSettings {
    if (atOnce < 1 || !timeout.isPositive()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_ENTAILMENT_AT_ONCE is "
              + atOnce
              + " and TOKENTROPY_ENTAILMENT_TIMEOUT "
              + timeout
              + ", expected at least 1 and more than 0");
    }
  }

  /**
   * The judge; empty if no server is named.
   *
   * @throws IllegalArgumentException if there is no server of that name
   */
  Optional<Judge> judge(ModelServers servers) {
    if (upstream == null) {
      return Optional.empty();
    }
    ModelServer server =
        servers
            .find(upstream)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "TOKENTROPY_ENTAILMENT_UPSTREAM is "
                            + upstream
                            + ", but no TOKENTROPY_UPSTREAMS_<NAME>_URL makes such a server"
                            + " known"));
    return Optional.of(
        new ChatJudge(
            body -> Retry.once(() -> server.post(PATH, body, timeout)),
            server.config().model(),
            atOnce));
  }
}
