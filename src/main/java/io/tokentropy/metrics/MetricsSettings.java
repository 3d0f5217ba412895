package io.tokentropy.metrics;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is measured.
 *
 * @param models those that become labels when a call names them; every other counts as {@code
 *     other}
 */
@ConfigurationProperties("tokentropy.metrics")
public record MetricsSettings(@DefaultValue Set<String> models) {
  private static final int MOST = 50;
  private static final int LONGEST = 128;

  public MetricsSettings {
    models = Set.copyOf(models);
    boolean usable = models.stream().allMatch(name -> !name.isBlank() && name.length() <= LONGEST);
    if (models.size() > MOST || !usable) {
      throw new IllegalArgumentException(
          "TOKENTROPY_METRICS_MODELS has "
              + models.size()
              + " names; expected at most "
              + MOST
              + ", of 1 to "
              + LONGEST
              + " characters each");
    }
  }
}
