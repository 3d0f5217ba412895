package io.tokentropy.entropy;

import io.tokentropy.refusal.InvalidInput;

/** The unit of entropies and thresholds at the edge; inside, everything is in nats. */
public enum EntropyUnit {
  /** Natural logarithm. */
  NAT("nat", 1),
  /** Binary logarithm: 1 bit is ln 2 nats. */
  BIT("bit", Math.log(2));

  private final String wire;
  private final double nats;

  EntropyUnit(String wire, double nats) {
    this.wire = wire;
    this.nats = nats;
  }

  /**
   * The unit of a name on the wire.
   *
   * @throws InvalidInput.ParameterOutOfRange on any other name
   */
  public static EntropyUnit fromWire(String wire) {
    for (EntropyUnit unit : values()) {
      if (unit.wire.equals(wire)) {
        return unit;
      }
    }
    throw new InvalidInput.ParameterOutOfRange("", '"' + wire + '"', "\"nat\" or \"bit\"");
  }

  public String wire() {
    return wire;
  }

  /** From this unit to nats. */
  public double toNats(double value) {
    return value * nats;
  }

  /** From nats to this unit. */
  public double fromNats(double value) {
    return value / nats;
  }
}
