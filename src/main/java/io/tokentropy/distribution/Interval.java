package io.tokentropy.distribution;

/**
 * The range in which a number is known to lie; both ends are attained by some distribution that
 * fits what the caller sent.
 *
 * @param low the least possible value
 * @param high the greatest possible value; +∞ if it has no bound
 */
public record Interval(double low, double high) {
  /** Takes the ends as they are, but −0 as 0. */
  public Interval {
    low += 0.0;
    high += 0.0;
  }

  public static Interval exactly(double value) {
    return new Interval(value, value);
  }

  public boolean isExact() {
    return low == high;
  }

  public boolean isBounded() {
    return high < Double.POSITIVE_INFINITY;
  }

  public double midpoint() {
    return low + (high - low) / 2;
  }

  public Interval times(double factor) {
    return new Interval(low * factor, high * factor);
  }
}
