package io.tokentropy.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The figures of an endpoint's answers that a calibration profile can be for: for each a confidence
 * can stand beside it.
 */
public record Scores(List<Score> all) {
  /** None. */
  public static final Scores NONE = new Scores(List.of());

  public Scores {
    all = List.copyOf(all);
  }

  /**
   * One of them.
   *
   * @param name the names from the answer down to it, through lists: {@code data.entropy}
   * @param higherMeans what a higher one means
   * @param inUnit whether it is in the unit of the answer
   */
  public record Score(String name, HigherMeans higherMeans, boolean inUnit) {
    private static final String FIRST = "sequence.";

    /** Where it stands: each of several answers of a response has the figures of the first. */
    public List<String> places() {
      return name.startsWith(FIRST)
          ? List.of(name, "choices." + name.substring(FIRST.length()))
          : List.of(name);
    }
  }

  /** These and further ones without a unit, of which a higher one is more uncertain. */
  public Scores uncertain(String... names) {
    return and(HigherMeans.MORE_UNCERTAIN, false, names);
  }

  /** The same in the unit of the answer. */
  public Scores uncertainInUnit(String... names) {
    return and(HigherMeans.MORE_UNCERTAIN, true, names);
  }

  /** These and further ones without a unit, of which a higher one is more confident. */
  public Scores confident(String... names) {
    return and(HigherMeans.MORE_CONFIDENT, false, names);
  }

  /** The same in the unit of the answer. */
  public Scores confidentInUnit(String... names) {
    return and(HigherMeans.MORE_CONFIDENT, true, names);
  }

  private Scores and(HigherMeans means, boolean inUnit, String... names) {
    var more = new ArrayList<>(all);
    Stream.of(names).map(name -> new Score(name, means, inUnit)).forEach(more::add);
    return new Scores(more);
  }

  /** The one of that name. */
  public Optional<Score> find(String name) {
    return all.stream().filter(score -> score.name().equals(name)).findFirst();
  }

  public List<String> names() {
    return all.stream().map(Score::name).toList();
  }
}
