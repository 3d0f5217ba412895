package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Method;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.truncation.Sampler;
import org.jspecify.annotations.Nullable;

/**
 * All that the wire knows of one sampler: its name, how a call writes it, and how an answer tells
 * it.
 *
 * @param <R> what the sampler reports of a row, if it reports anything
 */
abstract class SamplerForm<S extends Sampler, R extends Sampler.Report> {
  static final String SHAPE = "O(vocabulary)";
  static final String SELECT = "O(vocabulary + kept log kept)";
  static final String SORT = "O(vocabulary log vocabulary)";

  private final String name;
  private final Class<R> reported;

  SamplerForm(String name, Class<R> reported) {
    this.name = name;
    this.reported = reported;
  }

  final String name() {
    return name;
  }

  /** A step with its parameters. */
  abstract S read(Fields step, Situation situation);

  /** How the field of this name is read; null if there is no such field. */
  @Nullable Shorthand<S> shorthand() {
    return null;
  }

  /**
   * A sampler from the one value of a field, and where it has options of its own from what stands
   * beside it; null if the value asks for none.
   */
  @FunctionalInterface
  interface Shorthand<S> {
    @Nullable S read(Value value, Fields beside, Situation situation);
  }

  /** The parameters as {@link #read} would read them. */
  abstract void write(S sampler, Answer step);

  /** The sampler's own numbers. */
  abstract void report(R report, EntropyUnit unit, Answer item);

  /** The same for whatever a step of this form reported. */
  final void reportAny(Sampler.Report report, EntropyUnit unit, Answer item) {
    if (!(report instanceof Sampler.Nothing)) {
      report(reported.cast(report), unit, item);
    }
  }

  /** The entry of {@code /v1/methods}. */
  abstract Method method();

  final Method method(String summary, String cost) {
    return new Method(name, TruncationEndpoint.PATH, summary, cost);
  }

  /** A default as it is shown: 3, not 3.0. */
  static String shown(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
