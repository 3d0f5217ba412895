package io.tokentropy.web.call;

import io.tokentropy.distribution.Interval;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.metrics.Meters;
import io.tokentropy.metrics.ModelMeters;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the meters what one call was about. */
final class MeteredTally implements Tally {
  private final Meters meters;
  private final String endpoint;
  private final ModelMeters model;
  private final Consumer<String> kinds;
  private String kind = "none";

  /**
   * A tally of one call.
   *
   * @param endpoint its path
   * @param model what the caller called its model
   * @param kinds is told the kind of input
   */
  MeteredTally(Meters meters, String endpoint, @Nullable String model, Consumer<String> kinds) {
    this.meters = meters;
    this.endpoint = endpoint;
    this.model = meters.model(model);
    this.kinds = kinds;
  }

  @Override
  public void input(String kind) {
    this.kind = kind;
    kinds.accept(kind);
  }

  @Override
  public void rows(int rows, List<Warning> warnings) {
    meters.rows(endpoint, kind, rows);
    for (Warning warning : warnings) {
      meters.repair(warning.code());
    }
  }

  @Override
  public void vocabulary(int size) {
    meters.vocabulary(size);
  }

  @Override
  public void entropy(Interval nats) {
    model.entropy(nats);
  }

  @Override
  public void kept(String sampler, int tokens, double mass) {
    meters.kept(sampler, tokens, mass);
  }

  @Override
  public void decision(String reason, boolean certified, boolean switched, boolean wroteLarge) {
    meters.decision(reason, certified, switched);
    model.token(wroteLarge);
  }

  @Override
  public void invEntropy(double nats) {
    model.invEntropy(nats);
  }
}
