package io.tokentropy.inventropy;

import io.tokentropy.distribution.SplitMix64;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;

/** Draws of one answer a prompt: positions within the groups. */
public final class Draws {
  private final List<int[]> positions;

  private Draws(List<int[]> positions) {
    this.positions = positions;
  }

  /**
   * A bootstrap: each draw takes one answer of every prompt, with replacement, in the order of the
   * prompts.
   *
   * @see SplitMix64
   */
  public static Draws seeded(Groups groups, int draws, long seed) {
    var random = new SplitMix64(seed);
    var positions = new ArrayList<int[]>(draws);
    for (int d = 0; d < draws; d++) {
      var draw = new int[groups.size()];
      for (int g = 0; g < draw.length; g++) {
        draw[g] = random.position(groups.sizeOf(g));
      }
      positions.add(draw);
    }
    return new Draws(positions);
  }

  /** Every combination once, the last prompt changing fastest. */
  public static Draws exhaustive(Groups groups) {
    int all = Math.toIntExact(groups.combinations());
    var positions = new ArrayList<int[]>(all);
    var draw = new int[groups.size()];
    for (int d = 0; d < all; d++) {
      positions.add(draw.clone());
      int g = draw.length - 1;
      while (g >= 0 && ++draw[g] == groups.sizeOf(g)) {
        draw[g--] = 0;
      }
    }
    return new Draws(positions);
  }

  /**
   * Draws that the caller chose.
   *
   * @throws InvalidInput.ShapeMismatch if one has not one position a group
   * @throws InvalidInput.ParameterOutOfRange if a position is not in its group
   */
  public static Draws picked(Groups groups, List<int[]> picks) {
    for (int d = 0; d < picks.size(); d++) {
      int[] draw = picks.get(d);
      if (draw.length != groups.size()) {
        throw new InvalidInput.ShapeMismatch(
            "/" + d, "found " + draw.length + " positions for " + groups.size() + " groups");
      }
      for (int g = 0; g < draw.length; g++) {
        if (draw[g] < 0 || draw[g] >= groups.sizeOf(g)) {
          throw new InvalidInput.ParameterOutOfRange(
              "/" + d + "/" + g, draw[g], "a position, 0 to " + (groups.sizeOf(g) - 1));
        }
      }
    }
    return new Draws(picks.stream().map(int[]::clone).toList());
  }

  public int size() {
    return positions.size();
  }

  /** The positions of each draw, copies. */
  public List<int[]> picks() {
    return positions.stream().map(int[]::clone).toList();
  }
}
