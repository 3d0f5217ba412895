package io.tokentropy.web.call;

import io.tokentropy.endpoint.Limit;

/**
 * How large bodies may be.
 *
 * @param bodyBytes of one body
 * @param lineBytes of one line of a batch
 * @param compressionRatio bytes that one compressed byte may stand for
 */
record BodyLimits(Limit bodyBytes, Limit lineBytes, Limit compressionRatio) {
  static BodyLimits of(Limit.Source source) {
    return new BodyLimits(
        source.limit("max_body_bytes", 64L * 1024 * 1024),
        source.limit("max_line_bytes", 8L * 1024 * 1024),
        source.limit("max_compression_ratio", 100));
  }
}
