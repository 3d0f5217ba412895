package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.endpoint.uncertainty.Figure.Means;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one measure came to: its figures, of which the first is the score, and lists beside them.
 */
public final class Measured {
  private final Measure measure;
  private final EntropyUnit unit;
  private final List<Figure> figures = new ArrayList<>();
  private final Set<String> whole = new HashSet<>();
  private final List<String> unbounded = new ArrayList<>();
  private final List<Figure> variants = new ArrayList<>();
  private final Answer lists = new Answer();

  Measured(Measure measure, EntropyUnit unit) {
    this.measure = measure;
    this.unit = unit;
  }

  public Measure measure() {
    return measure;
  }

  /** The score. */
  public Figure score() {
    return figures.getFirst();
  }

  /** All figures, the score first. */
  public List<Figure> figures() {
    return List.copyOf(figures);
  }

  /** Figures that are too large for a number. */
  List<String> unbounded() {
    return unbounded;
  }

  Measured uncertain(String name, double value, double low, double high, String estimator) {
    return add(new Figure(name, value, Means.MORE_UNCERTAIN, low, high, estimator));
  }

  /** A number of things. */
  Measured count(String name, int value, int low, int high, String estimator) {
    whole.add(name);
    return uncertain(name, value, low, high, estimator);
  }

  Measured confident(String name, double value, double low, double high, String estimator) {
    return add(new Figure(name, value, Means.MORE_CONFIDENT, low, high, estimator));
  }

  /** A figure in nats, which is told in the unit that was asked for. */
  Measured nats(String name, double value, double low, double high, String estimator) {
    return uncertain(
        name, unit.fromNats(value), unit.fromNats(low), unit.fromNats(high), estimator);
  }

  private Measured add(Figure figure) {
    if (Double.isFinite(figure.value())) {
      figures.add(figure);
    } else {
      unbounded.add(figure.name());
    }
    return this;
  }

  /** What somebody's code answers under the name of this measure. */
  Measured variant(String name, double value, Means means, double low, double high, String how) {
    variants.add(new Figure(name, value, means, low, high, how));
    return this;
  }

  /** The same in nats, which is told in the unit that was asked for. */
  Measured variantNats(String name, double value, double low, double high, String how) {
    return variant(
        name,
        unit.fromNats(value),
        Means.MORE_UNCERTAIN,
        unit.fromNats(low),
        unit.fromNats(high),
        how);
  }

  /** What stands beside the figures. */
  Answer lists() {
    return lists;
  }

  /**
   * The measure as it is told.
   *
   * @param about whether every figure is explained, or the score alone
   */
  public Answer toAnswer(boolean about) {
    var answer = new Answer();
    figures.forEach(figure -> put(figure, answer));
    answer.putAll(lists);
    if (!variants.isEmpty()) {
      var values = new Answer();
      variants.forEach(variant -> values.put(variant.name(), variant.value()));
      answer.put("variants", values);
    }
    answer.put("score", score().name()).putAll(score().about());
    List<Figure> others = figures.subList(1, figures.size());
    if (about && !others.isEmpty()) {
      answer.put("about", explained(others));
    }
    if (about && !variants.isEmpty()) {
      answer.put("about_variants", explained(variants));
    }
    return answer;
  }

  private void put(Figure figure, Answer answer) {
    if (whole.contains(figure.name())) {
      answer.put(figure.name(), (long) figure.value());
    } else {
      answer.put(figure.name(), figure.value());
    }
  }

  private static Answer explained(List<Figure> figures) {
    var all = new Answer();
    figures.forEach(figure -> all.put(figure.name(), figure.about()));
    return all;
  }
}
