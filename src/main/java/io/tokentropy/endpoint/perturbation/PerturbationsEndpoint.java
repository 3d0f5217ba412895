package io.tokentropy.endpoint.perturbation;

import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.perturbation.Perturber.Perturbed;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.perturbation.Gaap;
import io.tokentropy.perturbation.WordNet;
import io.tokentropy.perturbation.Words;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code /v1/perturbations}: texts that ask nearly the same as a text. */
public final class PerturbationsEndpoint {
  public static final String PATH = "/v1/perturbations";

  private final Perturber perturber;
  private final PerturbationLimits limits;

  private PerturbationsEndpoint(Perturber perturber, PerturbationLimits limits) {
    this.perturber = perturber;
    this.limits = limits;
  }

  public static Endpoint<?> of(Perturber perturber, PerturbationLimits limits) {
    var endpoint = new PerturbationsEndpoint(perturber, limits);
    return new Endpoint<>(
        PATH,
        Set.of(Form.JSON),
        endpoint::read,
        endpoint::answer,
        null,
        PerturbationsMethods.LIST,
        endpoint::cost,
        endpoint.new Elsewhere());
  }

  /**
   * What is asked.
   *
   * @param textAt where the text stands
   * @param perturbed what came of it; null until it was perturbed
   */
  private record Asked(
      Words words, String textAt, GaapOptions options, @Nullable Perturbed perturbed) {}

  /** Texts that are embedded elsewhere, a generation after the other. */
  private final class Elsewhere implements Endpoint.Await<Asked> {
    @Override
    public boolean waits(Asked asked) {
      return asked.options().measure() == Measure.SERVER && asked.perturbed() == null;
    }

    @Override
    public Asked arrived(Asked asked) {
      return new Asked(asked.words(), asked.textAt(), asked.options(), perturbed(asked));
    }
  }

  private Asked read(Fields fields) {
    Value text = fields.require("text");
    Words words = words(text, limits);
    return new Asked(
        words, text.pointer(), GaapOptions.read(fields, limits, perturber.embedder()), null);
  }

  /** The words of a text; refuses one that has none, or more than one call may ask for. */
  public static Words words(Value value, PerturbationLimits limits) {
    String text = value.asText();
    limits.textLength().require(value.pointer(), text.length());
    Words words = Words.of(text);
    if (words.size() == 0) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), "a text without words", "a text with a word in it");
    }
    limits.words().require(value.pointer(), words.size());
    return words;
  }

  private Cost cost(Asked asked) {
    return asked.perturbed() == null ? perturber.cost(asked.words(), asked.options()) : Cost.NONE;
  }

  private Perturbed perturbed(Asked asked) {
    return perturber.of(asked.words(), asked.textAt(), asked.options());
  }

  private Answer answer(Asked asked, Tally tally) {
    Perturbed waited = asked.perturbed();
    Perturbed perturbed = waited == null ? perturbed(asked) : waited;
    GaapOptions options = asked.options();
    Gaap.Result result = perturbed.result();
    List<Warning> warnings = warnings(options, perturbed);
    tally.input("text");
    tally.rows(1, warnings);
    Answer answer =
        Answer.of("perturbations")
            .put(
                "perturbations",
                result.perturbations().stream()
                    .map(
                        each ->
                            new Answer()
                                .put("text", each.text())
                                .put("generation", each.generation())
                                .put("similarity", each.closeness()))
                    .toList())
            .put("distinct", result.distinct())
            .put("key_words", perturbed.keys().stream().map(asked.words()::at).toList())
            .put("generations", result.populations().getLast().generation())
            .put("stopped_by", result.stoppedBy().wire())
            .put(
                "populations",
                result.populations().stream()
                    .map(
                        each ->
                            new Answer()
                                .put("generation", each.generation())
                                .put("size", each.size())
                                .put("distinct", each.distinct())
                                .put("closest", each.closest())
                                .put("mean", each.mean()))
                    .toList())
            .put("provenance", provenance(options));
    return Warning.putAll(warnings, answer);
  }

  private static List<Warning> warnings(GaapOptions options, Perturbed perturbed) {
    var warnings = new ArrayList<Warning>();
    Gaap.Result result = perturbed.result();
    int count = options.settings().count();
    if (result.distinct() < count) {
      warnings.add(
          Warning.of(
              "fewer_perturbations",
              "there are %d distinct perturbations, %d were asked for; scores can be compared at"
                      .formatted(result.distinct(), count)
                  + " equal N only"));
    }
    if (result.stoppedBy() == Gaap.StoppedBy.DELTA && result.populations().size() == 1) {
      warnings.add(
          Warning.of(
              "far_from_original",
              "no change of one key word leaves the text as close to the original as delta"));
    }
    if (perturbed.foundLong()) {
      warnings.add(
          Warning.of(
              "long_text",
              "a text has more word pieces than the model takes whole; "
                  + (options.longTexts() == LongTexts.MEAN
                      ? "the mean of its windows stands for it"
                      : "its beginning stands for it")));
    }
    return warnings;
  }

  /** What it takes to get the same texts again. */
  private Answer provenance(GaapOptions options) {
    Answer answer =
        new Answer()
            .put("method", "gaap")
            .put("seed", options.seed())
            .put("substitutes", options.map() == null ? "wordnet" : "caller");
    if (options.map() == null) {
      answer.put("wordnet", WordNet.VERSION);
    }
    answer.put("similarity", options.measure().wire());
    if (options.measure() != Measure.OVERLAP) {
      answer.put("embedding_model", perturber.embedder().map(Embedder::model).orElse(null));
    }
    return answer;
  }
}
