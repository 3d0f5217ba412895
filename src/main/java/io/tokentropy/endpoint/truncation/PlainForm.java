package io.tokentropy.endpoint.truncation;

import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.truncation.Sampler;

/** A sampler of which the tokens say it all. */
abstract class PlainForm<S extends Sampler> extends SamplerForm<S, Sampler.Nothing> {
  PlainForm(String name) {
    super(name, Sampler.Nothing.class);
  }

  @Override
  final void report(Sampler.Nothing report, EntropyUnit unit, Answer item) {}
}
