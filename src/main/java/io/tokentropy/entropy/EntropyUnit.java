package io.tokentropy.entropy;

/** The unit at the edge; inside, everything is in nats. */
public enum EntropyUnit {
  NAT,
  BIT;

  private static final double LN_2 = Math.log(2);

  public String wire() {
    return this == NAT ? "nat" : "bit";
  }

  public double toNats(double value) {
    return this == NAT ? value : value * LN_2;
  }

  public double fromNats(double nats) {
    return this == NAT ? nats : nats / LN_2;
  }
}
