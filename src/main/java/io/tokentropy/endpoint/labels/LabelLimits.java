package io.tokentropy.endpoint.labels;

import io.tokentropy.endpoint.Limit;

/**
 * How many labels one request may ask for.
 *
 * @param labels and as many candidates
 * @param tokens of all labels together
 */
public record LabelLimits(Limit labels, Limit tokens) {
  public static LabelLimits of(Limit.Source source) {
    return new LabelLimits(source.limit("max_labels", 256), source.limit("max_label_tokens", 4096));
  }
}
