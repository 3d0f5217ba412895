package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Tally;
import io.tokentropy.truncation.Truncation;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What stays known of a truncation once its tokens are written, and its row is let go. */
public record Kept(int tokens, double mass) {
  static Kept of(Truncation truncation) {
    return new Kept(truncation.keptCount(), truncation.keptMass());
  }

  /** Tells the tally what was kept where that is certain, under the chain's last sampler. */
  public static void count(Chain chain, @Nullable Kept[] rows, Tally tally) {
    if (chain.isEmpty()) {
      return;
    }
    Arrays.stream(rows)
        .filter(Objects::nonNull)
        .forEach(kept -> tally.kept(chain.label(), kept.tokens(), kept.mass()));
  }
}
