package io.tokentropy.endpoint.truncation;

import io.tokentropy.json.Answer;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.Surprise;

/** What both Mirostats share. */
abstract class MirostatForm<S extends Sampler, R extends Sampler.Report> extends SamplerForm<S, R> {
  static final double TAU = 5;
  static final double ETA = 0.1;

  MirostatForm(String name, Class<R> reported) {
    super(name, reported);
  }

  static void put(Answer extra, Surprise surprise) {
    extra.put("observed_surprise_bits", surprise.bits()).put("mu_next", surprise.nextMu());
  }
}
