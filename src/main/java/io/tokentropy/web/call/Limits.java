package io.tokentropy.web.call;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.input.InputLimits;
import io.tokentropy.endpoint.inventropy.InvEntropyLimits;
import io.tokentropy.endpoint.labels.LabelLimits;
import io.tokentropy.endpoint.perturbation.PerturbationLimits;
import io.tokentropy.endpoint.score.ScoreLimits;
import io.tokentropy.endpoint.switching.SwitchingLimits;
import io.tokentropy.endpoint.truncation.TruncationLimits;
import io.tokentropy.json.JsonLimits;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Every limit on one request, by family, from the configuration. */
@Component
public class Limits implements Limit.Source {
  private final Binder binder;
  private final BodyLimits body;
  private final InputLimits input;
  private final TruncationLimits truncation;
  private final InvEntropyLimits invEntropy;
  private final PerturbationLimits perturbation;
  private final ScoreLimits score;
  private final LabelLimits labels;
  private final Limit jsonDepth;
  private final Limit jsonNumberLength;
  private final Limit jsonNameLength;
  private final SwitchingLimits switching;
  private final Limit temperatures;
  private final Limit cost;

  Limits(Environment environment) {
    binder = Binder.get(environment);
    body = BodyLimits.of(this);
    input = InputLimits.of(this);
    truncation = TruncationLimits.of(this);
    invEntropy = InvEntropyLimits.of(this);
    perturbation = PerturbationLimits.of(this, invEntropy.textLength());
    score = ScoreLimits.of(this);
    labels = LabelLimits.of(this);
    jsonDepth = limit("max_json_depth", 64);
    jsonNumberLength = limit("max_json_number_length", 512);
    jsonNameLength = limit("max_json_name_length", 256);
    switching = SwitchingLimits.of(this);
    temperatures = limit("max_temperatures", 64);
    cost = limit("max_cost", 60_000_000_000L);
  }

  @Override
  public Limit limit(String name, long absent) {
    long most = absent <= Integer.MAX_VALUE ? Integer.MAX_VALUE : Long.MAX_VALUE;
    return within(new Limit(name, configured(name, absent)), most);
  }

  @Override
  public Limit byHeap(String name, long derived) {
    long value = configured(name, 0);
    return within(new Limit(name, value == 0 ? derived : value), Long.MAX_VALUE);
  }

  private static Limit within(Limit limit, long most) {
    if (limit.value() < 1 || limit.value() > most) {
      throw new IllegalArgumentException(
          limit.setting()
              + " is "
              + limit.value()
              + ", expected at "
              + (limit.value() < 1 ? "least 1" : "most " + most));
    }
    return limit;
  }

  private long configured(String name, long absent) {
    return binder.bind("tokentropy." + name.replace('_', '-'), Long.class).orElse(absent);
  }

  /** All of them, in the order in which {@code /v1/limits} lists them. */
  public List<Limit> all() {
    return List.of(
        body.bodyBytes(),
        input.rows(),
        input.vocab(),
        jsonDepth,
        jsonNumberLength,
        jsonNameLength,
        input.decodedBytes(),
        input.answerEntries(),
        truncation.steps(),
        truncation.nodes(),
        truncation.history(),
        switching.observations(),
        switching.window(),
        temperatures,
        labels.labels(),
        labels.tokens(),
        invEntropy.prompts(),
        invEntropy.matrix(),
        invEntropy.answers(),
        invEntropy.operations(),
        invEntropy.draws(),
        invEntropy.textLength(),
        invEntropy.textsLength(),
        perturbation.words(),
        perturbation.generations(),
        perturbation.population(),
        perturbation.embeddings(),
        score.spans(),
        score.windows(),
        score.patternLength(),
        score.patternWork(),
        cost,
        body.lineBytes(),
        body.compressionRatio());
  }

  BodyLimits body() {
    return body;
  }

  InputLimits input() {
    return input;
  }

  TruncationLimits truncation() {
    return truncation;
  }

  InvEntropyLimits invEntropy() {
    return invEntropy;
  }

  PerturbationLimits perturbation() {
    return perturbation;
  }

  ScoreLimits score() {
    return score;
  }

  LabelLimits labels() {
    return labels;
  }

  SwitchingLimits switching() {
    return switching;
  }

  /** Scores of one question at different temperatures. */
  Limit temperatures() {
    return temperatures;
  }

  /** Basic operations of one call, about. */
  Limit cost() {
    return cost;
  }

  JsonLimits json() {
    return new JsonLimits(
        jsonDepth.toInt(),
        jsonNumberLength.toInt(),
        jsonNameLength.toInt(),
        input.decodedBytes().value());
  }
}
