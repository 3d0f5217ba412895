package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Tally;
import io.tokentropy.truncation.Truncation;
import java.util.List;

/** What stays known of a truncation once its tokens are written, and its row is let go. */
public record Kept(int tokens, double mass) {
  static Kept of(Truncation truncation) {
    return new Kept(truncation.keptCount(), truncation.keptMass());
  }

  /** Tells the tally what was kept, under the chain's last sampler if there is one. */
  public static void count(Chain chain, List<Kept> rows, Tally tally) {
    if (chain.isEmpty()) {
      return;
    }
    for (Kept kept : rows) {
      tally.kept(chain.label(), kept.tokens(), kept.mass());
    }
  }
}
