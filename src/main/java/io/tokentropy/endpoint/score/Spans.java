package io.tokentropy.endpoint.score;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.score.SafePattern;
import io.tokentropy.score.Search;
import io.tokentropy.score.Span;
import io.tokentropy.score.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the parts of an answer that a caller names.
 *
 * @param nameCharacters of all JSON Pointers that an answer may list
 */
record Spans(Transcript transcript, Search search, ScoreLimits limits, Limit nameCharacters) {
  /** What is said of a text without the things. */
  private static final String TEXT = "the answer's text";

  /**
   * Where they are, in the order in which they were asked for.
   *
   * @param warnings takes what is to be said of the JSON
   * @throws InvalidInput.ParameterOutOfRange if one lies outside the text, or a pattern is none
   * @throws InvalidInput.MissingInput if one is not there
   */
  List<Span> find(List<SpanForm> forms, List<Warning> warnings) {
    boolean patterns = forms.stream().anyMatch(SpanForm.Match.class::isInstance);
    return patterns ? SafePattern.deep(() -> all(forms, warnings)) : all(forms, warnings);
  }

  private List<Span> all(List<SpanForm> forms, List<Warning> warnings) {
    var found = new ArrayList<Span>();
    long work = 0;
    for (SpanForm form : forms) {
      switch (form) {
        case SpanForm.Json json -> found.addAll(json(json, warnings));
        case SpanForm.Offsets offsets -> found.add(offsets(offsets));
        case SpanForm.Words words ->
            found.add(
                there(
                    search.words(words.name(), words.words(), words.occurrence()),
                    words.pointer(),
                    words.occurrence()));
        case SpanForm.Match match -> {
          SafePattern pattern =
              InvalidInput.under(match.pointer(), () -> SafePattern.of(match.pattern()));
          work += (long) pattern.size() * (search.length() + 1L) * match.occurrence();
          limits.patternWork().require(match.pointer(), work);
          found.add(match(match, pattern));
        }
      }
    }
    return found;
  }

  private Span match(SpanForm.Match match, SafePattern pattern) {
    if (match.group() > pattern.groups()) {
      throw new InvalidInput.ParameterOutOfRange(
          match.pointer().replaceFirst("pattern$", "group"),
          match.group(),
          "at most " + pattern.groups() + ", the groups of the pattern");
    }
    return there(
        search.match(match.name(), pattern, match.occurrence(), match.group()),
        match.pointer(),
        match.occurrence());
  }

  private Span offsets(SpanForm.Offsets offsets) {
    int length = transcript.length();
    requireWithin(offsets.pointer() + "/start", offsets.start(), 0, length - 1);
    requireWithin(offsets.pointer() + "/end", offsets.end(), offsets.start() + 1, length);
    return new Span(offsets.name(), offsets.start(), offsets.end());
  }

  private static void requireWithin(String pointer, int found, int least, int most) {
    if (found < least || found > most) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer,
          found,
          "between " + least + " and " + most + ": a span has characters of " + TEXT);
    }
  }

  private static Span there(Optional<Span> span, String pointer, int occurrence) {
    return span.orElseThrow(
        () ->
            new InvalidInput.MissingInput(
                pointer,
                "found nothing like that"
                    + (occurrence > 1 ? " for the time " + occurrence : "")
                    + " in "
                    + TEXT));
  }

  private List<Span> json(SpanForm.Json form, List<Warning> warnings) {
    Search.Json json =
        search.json(
            (leaves, nameCharacters) -> {
              limits.spans().require(form.pointer(), leaves);
              nameCharacters().require(form.pointer(), nameCharacters);
            });
    if (json == null) {
      throw new InvalidInput.MissingInput(form.pointer(), "there is no JSON in " + TEXT);
    }
    if (!json.whole()) {
      warnings.add(
          Warning.of(
              "json_truncated",
              "the JSON breaks off or is broken: spans are the "
                  + json.spans().size()
                  + " values that are whole"));
    }
    if (json.values() > 1) {
      warnings.add(
          Warning.of(
              "several_json",
              "the text holds " + json.values() + " JSON values: spans are those of the longest"));
    }
    return json.spans();
  }
}
