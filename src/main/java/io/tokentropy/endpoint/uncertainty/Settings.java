package io.tokentropy.endpoint.uncertainty;

import io.tokentropy.embedding.LongTexts;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the answers to one question, which a question may leave to its call.
 *
 * @param measures by name; null for all that the inputs allow
 * @param likeness where similarities come from; null for: as given, else the words of the texts
 * @param judged which answer is judged by the others
 * @param judgedAt where that is said
 * @param symmetrize whether both directions of a similarity are averaged
 * @param mapping of cosines to similarities
 * @param longTextsAt where that is said
 */
record Settings(
    @Nullable Set<Measure> measures,
    @Nullable Likeness likeness,
    int judged,
    String judgedAt,
    boolean symmetrize,
    Similarities.Mapping mapping,
    LongTexts longTexts,
    String longTextsAt) {

  /** Where similarities come from. */
  enum Likeness {
    GIVEN,
    JACCARD,
    EMBEDDING;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Settings read(Fields fields, Fields request) {
    Value names = option(fields, request, "measures");
    Value likeness = option(fields, request, "similarity_from");
    Value judged = option(fields, request, "answer");
    Value symmetrize = option(fields, request, "symmetrize");
    Value mapping = option(fields, request, "mapping");
    Value longTexts = option(fields, request, "long_texts");
    return new Settings(
        names == null ? null : measures(names),
        likeness == null ? null : Fields.word(likeness, Likeness.class, Likeness::wire),
        judged == null ? 0 : judged.asInt(),
        judged == null ? fields.pointer("answer") : judged.pointer(),
        symmetrize != null && symmetrize.asFlag(),
        mapping == null
            ? Similarities.Mapping.SHIFTED
            : Fields.word(mapping, Similarities.Mapping.class, Similarities.Mapping::wire),
        longTexts == null
            ? LongTexts.REFUSE
            : Fields.word(longTexts, LongTexts.class, LongTexts::wire),
        longTexts == null ? fields.pointer("long_texts") : longTexts.pointer());
  }

  private static Set<Measure> measures(Value names) {
    Set<Measure> measures = EnumSet.noneOf(Measure.class);
    for (Value name : names.asList()) {
      measures.add(Fields.word(name, Measure.class, Measure::wire));
    }
    if (measures.isEmpty()) {
      throw new InvalidInput.MissingInput(
          names.pointer(), "the list is empty; leave it out for all that the inputs allow");
    }
    return measures;
  }

  static @Nullable Value option(Fields fields, Fields request, String name) {
    Value own = fields.get(name);
    return own == null ? request.get(name) : own;
  }
}
