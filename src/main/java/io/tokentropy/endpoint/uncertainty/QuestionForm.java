package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.answers.Entailments;
import io.tokentropy.answers.Sampled;
import io.tokentropy.answers.Sequence;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.Matrices;
import io.tokentropy.endpoint.uncertainty.Settings.Likeness;
import io.tokentropy.entailment.Judge;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one question: what is known of its answers, and what is asked. */
final class QuestionForm {
  private final Fields fields;
  private final Fields request;
  private final InputReader inputs;
  private final UncertaintyLimits limits;
  private final Optional<Judge> judge;
  private final EntropyUnit unit;
  private final Settings settings;
  private final Sampled.Builder answers = new Sampled.Builder();
  private final List<Question.Said> said = new ArrayList<>();
  private String kind = "classes";

  /**
   * A form.
   *
   * @param request where settings are that the question lacks; the same fields if there is only one
   */
  QuestionForm(
      Fields fields,
      Fields request,
      InputReader inputs,
      UncertaintyLimits limits,
      Optional<Judge> judge,
      EntropyUnit unit) {
    this.fields = fields;
    this.request = request;
    this.inputs = inputs;
    this.limits = limits;
    this.judge = judge;
    this.unit = unit;
    this.settings = Settings.read(fields, request);
  }

  Question read() {
    readResponses();
    readMatrices();
    readTexts();
    readRest();
    readLogprobs();
    if (answers.size() == 0) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(),
          "there are no answers; expected at least one of texts, openai, logprobs,"
              + " sequence_logprobs, similarity, entail and contra, classes"
              + fields.found());
    }
    Sampled known = answers.build();
    if (settings.judged() < 0 || settings.judged() >= known.size()) {
      throw new InvalidInput.ParameterOutOfRange(
          settings.judgedAt(),
          settings.judged(),
          "one of the " + known.size() + " answers, from 0");
    }
    Likeness likeness = likeness(known);
    Judging judging = Judging.read(fields, request, known, judge);
    boolean judged = judging != null || known.entailments() != null;
    Set<Measure> wanted = wanted(known, likeness != null, judged);
    MeasureOptions options = new OptionFields(fields, request, wanted).read();
    boolean used = wanted.stream().anyMatch(Measure::takesSimilarities);
    return new Question(
        fields.pointer(),
        kind,
        known,
        settings,
        used && known.size() > 1 ? likeness : null,
        null,
        used && known.size() > 1 ? judging : null,
        0,
        wanted,
        options,
        said);
  }

  private void readResponses() {
    Value one = fields.get("openai");
    Value several = fields.get("responses");
    if (one == null && several == null) {
      return;
    }
    for (String beside : List.of("texts", "logprobs", "samples", "sequence_logprobs", "lengths")) {
      if (fields.has(beside)) {
        throw new InvalidInput.ConflictingInputs(
            fields.pointer(beside), beside + " stands beside a response, which brings its own");
      }
    }
    if (one != null && several != null) {
      throw new InvalidInput.ConflictingInputs(
          several.pointer(), "responses stands beside openai; expected one of them");
    }
    List<Value> responses = one != null ? List.of(one) : fields.list("responses");
    String field = one != null ? "openai" : "responses";
    kind = "openai";
    var found = new ResponseAnswers((code, message) -> said.add(new Question.Said(code, message)));
    for (Value response : responses) {
      found.add(inputs.answers(response, fields), response.pointer());
    }
    put(() -> found.put(answers, field));
    limits.answers().require(fields.pointer(field), answers.size());
  }

  /** Takes what may not fit to the number of answers so far. */
  private void put(Runnable part) {
    InvalidInput.under(
        fields.pointer(),
        () -> {
          part.run();
          return answers;
        });
  }

  private void requireNumber(Value value, int found) {
    limits.answers().require(value.pointer(), found);
  }

  private List<double[]> matrix(Value value) {
    requireNumber(value, value.isList() ? value.asList().size() : 0);
    List<double[]> rows = Matrices.read(value, inputs.limits());
    requireNumber(value, rows.size());
    return rows;
  }

  private void readMatrices() {
    Value similarity = fields.get("similarity");
    if (similarity != null) {
      kind = "sim";
      List<double[]> rows = matrix(similarity);
      Similarities given =
          InvalidInput.under(
              similarity.pointer(),
              () -> {
                Similarities all = Similarities.of(rows);
                return (settings.symmetrize() ? all.symmetrized() : all).requireMutual();
              });
      put(() -> answers.similarities(given));
    }
    Value entail = fields.get("entail");
    Value contra = fields.get("contra");
    if (entail == null && contra == null) {
      return;
    }
    if (entail == null || contra == null) {
      throw new InvalidInput.MissingInput(
          fields.pointer(),
          (entail == null ? "entail" : "contra") + " is missing; the two stand together");
    }
    kind = "nli";
    List<double[]> entails = matrix(entail);
    List<double[]> contradicts = matrix(contra);
    put(() -> answers.entailments(Entailments.of(entails, contradicts)));
  }

  private void readTexts() {
    Value texts = fields.get("texts");
    if (texts == null) {
      return;
    }
    kind = "texts";
    List<Value> list = texts.asList();
    requireNumber(texts, list.size());
    var all = new ArrayList<String>();
    for (Value each : list) {
      String text = each.asText();
      limits.textLength().require(each.pointer(), text.length());
      all.add(text);
    }
    put(() -> answers.texts(all, "texts"));
  }

  private void readRest() {
    Value classes = fields.get("classes");
    if (classes != null) {
      int[] each = classes.asList().stream().mapToInt(Value::asInt).toArray();
      requireNumber(classes, each.length);
      put(() -> answers.classes(each));
    }
    Value energies = fields.get("energies");
    if (energies != null) {
      double[] each = energies.asNumbers();
      requireNumber(energies, each.length);
      for (int i = 0; i < each.length; i++) {
        each[i] = unit.toNats(requireEnergy(each[i], energies.pointer() + "/" + i));
      }
      put(() -> answers.energies(each));
    }
    Value without = fields.get("similarity_without_token");
    if (without != null) {
      List<double[]> each = lists(without);
      requireNumber(without, each.size());
      put(() -> answers.withoutToken(each));
    }
  }

  private static double requireEnergy(double found, String pointer) {
    if (!(Math.abs(found) <= 1e9)) {
      throw new InvalidInput.ParameterOutOfRange(pointer, found, "an energy of at most 1e9");
    }
    return found;
  }

  /** A list for each answer; numbers alone are those of one answer. */
  private static List<double[]> lists(Value value) {
    return isFlat(value)
        ? List.of(value.asNumbers())
        : value.asList().stream().map(Value::asNumbers).toList();
  }

  private static boolean isFlat(Value value) {
    List<Value> list = value.asList();
    return !list.isEmpty() && !list.getFirst().isList();
  }

  private void readLogprobs() {
    Value sums = fields.get("sequence_logprobs");
    Value lengths = fields.get("lengths");
    List<Value> given =
        Stream.of("logprobs", "samples", "sequence_logprobs")
            .map(fields::get)
            .filter(Objects::nonNull)
            .toList();
    if (given.size() > 1) {
      throw new InvalidInput.ConflictingInputs(
          given.get(1).pointer(), "expected one of logprobs, samples and sequence_logprobs");
    }
    if (given.isEmpty()) {
      if (lengths != null) {
        throw new InvalidInput.MissingInput(
            lengths.pointer(), "lengths belongs to sequence_logprobs, which is missing");
      }
      return;
    }
    kind = "logprobs";
    Value value = given.getFirst();
    String field = value.pointer().substring(fields.pointer().length() + 1);
    boolean each = sums == null && isFlat(value) && (lengths != null || answers.size() > 1);
    if (each) {
      said.add(
          new Question.Said(
              "read_as_sequences",
              field + " was read as sequence_logprobs: one number for each answer"));
    }
    if (sums != null || each) {
      List<Sequence> sequences = sums(value, lengths);
      put(() -> answers.sequences(sequences, field));
      return;
    }
    if (lengths != null) {
      throw new InvalidInput.ConflictingInputs(
          lengths.pointer(), "lengths stands beside " + field + ", which counts its own tokens");
    }
    List<double[]> tokens = lists(value);
    requireNumber(value, tokens.size());
    var sequences = new ArrayList<Sequence>();
    boolean flat = isFlat(value);
    for (double[] answer : tokens) {
      String at = flat ? value.pointer() : value.pointer() + "/" + sequences.size();
      sequences.add(InvalidInput.under(at, () -> Sequence.of(answer)));
    }
    put(() -> answers.sequences(sequences, field));
  }

  private List<Sequence> sums(Value value, @Nullable Value lengths) {
    double[] sums = value.asNumbers();
    requireNumber(value, sums.length);
    List<Value> each = lengths == null ? null : lengths.asList();
    if (each != null && each.size() != sums.length) {
      throw new InvalidInput.ShapeMismatch(
          fields.pointer("lengths"),
          "found " + each.size() + " lengths for " + sums.length + " answers");
    }
    var sequences = new ArrayList<Sequence>();
    for (int i = 0; i < sums.length; i++) {
      OptionalInt length = each == null ? OptionalInt.empty() : OptionalInt.of(length(each.get(i)));
      double sum = sums[i];
      sequences.add(
          InvalidInput.under(value.pointer() + "/" + i, () -> Sequence.ofSum(sum, length)));
    }
    return sequences;
  }

  private static int length(Value value) {
    int length = value.asInt();
    if (length < 1) {
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), length, "at least 1 token");
    }
    return length;
  }

  private @Nullable Likeness likeness(Sampled known) {
    Likeness asked = settings.likeness();
    boolean given = known.similarities() != null;
    if (asked == null) {
      return given ? Likeness.GIVEN : known.texts() != null ? Likeness.JACCARD : null;
    }
    if (asked == Likeness.GIVEN) {
      if (!given) {
        throw new InvalidInput.MissingInput(
            fields.pointer(), "similarity is missing, and is to be taken as given");
      }
      return asked;
    }
    if (given) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("similarity"),
          "similarity stands beside similarity_from: " + asked.wire());
    }
    List<String> texts = known.texts();
    if (texts == null) {
      throw new InvalidInput.MissingInput(
          fields.pointer(), "texts is missing, and similarities are to be made from texts");
    }
    if (asked == Likeness.EMBEDDING) {
      for (int i = 0; i < texts.size(); i++) {
        if (texts.get(i).isBlank()) {
          throw new InvalidInput.ParameterOutOfRange(
              fields.pointer("texts") + "/" + i,
              "an empty text",
              "a text with something in it, to be embedded");
        }
      }
    }
    return asked;
  }

  private Set<Measure> wanted(Sampled known, boolean similar, boolean judged) {
    Set<Measure> asked = settings.measures();
    if (asked != null) {
      for (Measure measure : asked) {
        if (!measure.isAllowedBy(known, similar, judged)) {
          throw new InvalidInput.MissingInput(
              fields.pointer(), measure.wire() + " needs " + measure.needs());
        }
      }
      return asked;
    }
    Set<Measure> allowed = EnumSet.noneOf(Measure.class);
    Arrays.stream(Measure.values())
        .filter(measure -> measure.isAllowedBy(known, similar, judged))
        .forEach(allowed::add);
    if (allowed.isEmpty()) {
      throw new InvalidInput.MissingInput(
              fields.pointer(), "what is known allows no measure; answers found: " + known.size())
          .withHint("Most measures compare at least two answers; logprobs allow some of one.");
    }
    return allowed;
  }
}
