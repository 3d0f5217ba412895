package io.tokentropy.entropy;

/** How a number depends on the unit of entropy. */
public enum Dimension {
  /** An entropy or a divergence. */
  NATS,
  /** The variance of one. */
  NATS_SQUARED,
  /** The same in every unit. */
  PURE,
  /** A whole number, the same in every unit. */
  COUNT;

  /** A value in nats (or their square) in another unit. */
  public double in(EntropyUnit unit, double value) {
    return switch (this) {
      case NATS -> unit.fromNats(value);
      case NATS_SQUARED -> unit.fromNats(unit.fromNats(value));
      case PURE, COUNT -> value;
    };
  }
}
