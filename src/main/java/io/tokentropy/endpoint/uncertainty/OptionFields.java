package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.RougeL;
import io.tokentropy.answers.SemanticClasses;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of measures: {@code options: {measure: {option: value}}}, or an option by its
 * name alone where one measure of the call has it.
 */
final class OptionFields {
  private static final Map<Measure, List<String>> NAMES =
      new EnumMap<>(
          Map.of(
              Measure.SEMANTIC_CLASSES, List.of("rule", "assign", "threshold", "by"),
              Measure.SEMANTIC_ENTROPY, List.of("length_normalized"),
              Measure.SPECTRAL, List.of("threshold", "affinity", "unit_diagonal", "by"),
              Measure.KLE, List.of("t", "by"),
              Measure.LEXICAL, List.of("words"),
              Measure.SENTENCE_SAR, List.of("t"),
              Measure.SAR, List.of("t")));

  private final Map<Measure, Fields> nested = new EnumMap<>(Measure.class);
  private final Map<Measure, Map<String, Value>> flat = new EnumMap<>(Measure.class);

  /**
   * The options of one question.
   *
   * @param fields those of the question
   * @param request those of the call, which hold where the question says nothing; the same if there
   *     is only one
   * @param wanted what is computed
   */
  OptionFields(Fields fields, Fields request, Set<Measure> wanted) {
    Value options = Settings.option(fields, request, "options");
    if (options != null) {
      Fields each = options.asFields();
      for (Measure measure : Measure.values()) {
        Value own = each.get(measure.wire());
        if (own != null) {
          nested.put(measure, own.asFields());
        }
      }
      each.done();
    }
    Set<Measure> used = EnumSet.copyOf(wanted);
    if (used.contains(Measure.SEMANTIC_ENTROPY)) {
      used.add(Measure.SEMANTIC_CLASSES);
    }
    var all = new LinkedHashMap<String, Value>();
    for (List<String> names : NAMES.values()) {
      for (String name : names) {
        Value value = Settings.option(fields, request, name);
        if (value != null) {
          all.put(name, value);
        }
      }
    }
    all.forEach((name, value) -> flat(name, value, used));
  }

  /** Asks for all of them, so that they count as known before a question is read. */
  static void ask(Fields request) {
    request.get("options");
    NAMES.values().forEach(names -> names.forEach(request::get));
  }

  private void flat(String name, Value value, Set<Measure> used) {
    List<Measure> owners =
        NAMES.keySet().stream()
            .filter(measure -> used.contains(measure) && names(measure).contains(name))
            .toList();
    if (owners.size() != 1) {
      String those = owners.isEmpty() ? owners(name) : words(owners);
      throw new InvalidInput.ConflictingInputs(
              value.pointer(),
              owners.isEmpty()
                  ? name + " belongs to " + those + ", which is not computed here"
                  : name + " belongs to " + those + "; which of them is meant cannot be told")
          .withHint("Put it into options, as {\"options\": {measure: {\"" + name + "\": ...}}}.");
    }
    flat.computeIfAbsent(owners.getFirst(), measure -> new HashMap<>()).put(name, value);
  }

  private static List<String> names(Measure measure) {
    return NAMES.getOrDefault(measure, List.of());
  }

  private static String owners(String name) {
    return words(NAMES.keySet().stream().filter(measure -> names(measure).contains(name)).toList());
  }

  private static String words(List<Measure> measures) {
    return measures.stream().map(Measure::wire).collect(Collectors.joining(" and "));
  }

  /** All of them. */
  MeasureOptions read() {
    MeasureOptions usual = MeasureOptions.DEFAULT;
    var options =
        new MeasureOptions(
            new MeasureOptions.Classes(
                word(
                    Measure.SEMANTIC_CLASSES,
                    "rule",
                    usual.classes().rule(),
                    SemanticClasses.Rule::wire),
                word(
                    Measure.SEMANTIC_CLASSES,
                    "assign",
                    usual.classes().assign(),
                    SemanticClasses.Assign::wire),
                number(Measure.SEMANTIC_CLASSES, "threshold", usual.classes().threshold(), 0, 1),
                by(Measure.SEMANTIC_CLASSES)),
            flag(Measure.SEMANTIC_ENTROPY, "length_normalized"),
            new MeasureOptions.Spectral(
                number(Measure.SPECTRAL, "threshold", usual.spectral().threshold(), 0, 2),
                word(
                    Measure.SPECTRAL,
                    "affinity",
                    usual.spectral().affinity(),
                    MeasureOptions.Affinity::wire),
                !Boolean.FALSE.equals(flag(Measure.SPECTRAL, "unit_diagonal")),
                by(Measure.SPECTRAL)),
            new MeasureOptions.Kernel(
                number(Measure.KLE, "t", usual.kernel().t(), 0, GREATEST_T), by(Measure.KLE)),
            word(Measure.LEXICAL, "words", usual.words(), RougeL.Words::wire),
            number(Measure.SENTENCE_SAR, "t", usual.sentenceT(), LEAST_T, GREATEST_T),
            number(Measure.SAR, "t", usual.sarT(), LEAST_T, GREATEST_T));
    nested.values().forEach(Fields::done);
    return options;
  }

  /** Less than this says only that no other answer counts, or every one. */
  private static final double LEAST_T = 1e-12;

  private static final double GREATEST_T = 1e6;

  private @Nullable Value value(Measure measure, String name) {
    Fields own = nested.get(measure);
    Value inside = own == null ? null : own.get(name);
    Value beside = flat.getOrDefault(measure, Map.of()).get(name);
    if (inside != null && beside != null) {
      throw new InvalidInput.ConflictingInputs(
          beside.pointer(), name + " stands both here and in options");
    }
    return inside == null ? beside : inside;
  }

  private <E extends Enum<E>> E word(
      Measure measure, String name, E absent, Function<E, String> words) {
    Value value = value(measure, name);
    return value == null ? absent : Fields.word(value, absent.getDeclaringClass(), words);
  }

  private MeasureOptions.By by(Measure measure) {
    return word(measure, "by", MeasureOptions.By.WHAT_IS_THERE, MeasureOptions.By::wire);
  }

  private double number(Measure measure, String name, double absent, double low, double high) {
    Value value = value(measure, name);
    if (value == null) {
      return absent;
    }
    double found = value.asNumber();
    if (!(found >= low && found <= high)) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), found, "between " + low + " and " + high);
    }
    return found;
  }

  private @Nullable Boolean flag(Measure measure, String name) {
    Value value = value(measure, name);
    return value == null ? null : value.asFlag();
  }
}
