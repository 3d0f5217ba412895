package io.tokentropy.endpoint.score;

import io.tokentropy.endpoint.Limit;

/**
 * How much may be asked of one answer.
 *
 * @param spans that are listed
 * @param windows of one text
 * @param patternLength characters of one pattern
 * @param patternWork steps of the patterns times characters of the text, all patterns together
 */
public record ScoreLimits(Limit spans, Limit windows, Limit patternLength, Limit patternWork) {
  public static ScoreLimits of(Limit.Source source) {
    return new ScoreLimits(
        source.limit("max_spans", 4096),
        source.limit("max_windows", 1024),
        source.limit("max_pattern_length", 16_384),
        source.limit("max_pattern_work", 50_000_000));
  }
}
