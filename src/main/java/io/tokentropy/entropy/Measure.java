package io.tokentropy.entropy;

import io.tokentropy.distribution.Row;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A figure of one row beside its entropy. */
public sealed interface Measure
    permits BasicMeasure, Renyi, Tsallis, SurprisalOf, RankOf, LogTokU, DeepConf {
  /** The names on the wire, as {@link #named} takes them. */
  List<String> NAMES =
      Stream.concat(
              Arrays.stream(BasicMeasure.values()).map(BasicMeasure::wire),
              Stream.of(
                  Renyi.NAME,
                  Tsallis.NAME,
                  SurprisalOf.NAME,
                  RankOf.NAME,
                  LogTokU.NAME,
                  DeepConf.NAME))
          .toList();

  /**
   * What some measures need to know; the others ignore it.
   *
   * @param order of {@link Renyi} and {@link Tsallis}
   * @param k of {@link LogTokU} and {@link DeepConf}
   * @param ids of {@link SurprisalOf} and {@link RankOf}; empty if none were given
   */
  record Parameters(OptionalDouble order, OptionalInt k, List<Integer> ids) {
    public static final Parameters NONE =
        new Parameters(OptionalDouble.empty(), OptionalInt.empty(), List.of());

    public Parameters {
      ids = List.copyOf(ids);
    }

    private double order(String measure) {
      return order.orElseThrow(() -> missing("order", measure));
    }

    private int k(String measure) {
      return k.orElseThrow(() -> missing("k", measure));
    }

    private List<Integer> ids(String measure) {
      if (ids.isEmpty()) {
        throw missing("ids", measure);
      }
      return ids;
    }

    private static InvalidInput missing(String parameter, String measure) {
      return new InvalidInput.MissingInput("", measure + " needs `" + parameter + "`");
    }
  }

  /**
   * A measure by its name on the wire.
   *
   * @throws InvalidInput.ParameterOutOfRange on an unknown name or a parameter outside its range
   * @throws InvalidInput.MissingInput if the measure needs a parameter that is not there
   */
  static Measure named(String name, Parameters parameters) {
    return switch (name) {
      case Renyi.NAME -> new Renyi(parameters.order(name));
      case Tsallis.NAME -> new Tsallis(parameters.order(name));
      case SurprisalOf.NAME -> new SurprisalOf(parameters.ids(name));
      case RankOf.NAME -> new RankOf(parameters.ids(name));
      case LogTokU.NAME -> new LogTokU(parameters.k(name));
      case DeepConf.NAME -> new DeepConf(parameters.k());
      default ->
          Arrays.stream(BasicMeasure.values())
              .filter(measure -> measure.wire().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInput.ParameterOutOfRange(
                          "", '"' + name + '"', "one of " + String.join(", ", NAMES)));
    };
  }

  /** The name on the wire. */
  String wire();

  /**
   * The measure of a row.
   *
   * @throws InvalidInput if a parameter does not fit the row, such as a token id above V
   */
  MeasureValue of(Row row);
}
