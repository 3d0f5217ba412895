package io.tokentropy.web;

import io.tokentropy.endpoint.Limits;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.AdaptiveP;
import io.tokentropy.truncation.DynamicTemperature;
import io.tokentropy.truncation.EpsilonCutoff;
import io.tokentropy.truncation.EtaCutoff;
import io.tokentropy.truncation.MinK;
import io.tokentropy.truncation.MinP;
import io.tokentropy.truncation.MirostatV1;
import io.tokentropy.truncation.MirostatV2;
import io.tokentropy.truncation.PLess;
import io.tokentropy.truncation.Quadratic;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.TailFree;
import io.tokentropy.truncation.Temperature;
import io.tokentropy.truncation.TopA;
import io.tokentropy.truncation.TopH;
import io.tokentropy.truncation.TopK;
import io.tokentropy.truncation.TopNSigma;
import io.tokentropy.truncation.TopP;
import io.tokentropy.truncation.TypicalP;
import io.tokentropy.truncation.Xtc;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * Reads samplers: a chain in {@code steps}, or the shorthand fields, which come in Hugging Face's
 * order.
 */
final class SamplerReader {
  /** Every sampler that a step can name. */
  static final List<String> NAMES =
      List.of(
          "temperature",
          "top_h",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff",
          "top_n_sigma",
          "top_a",
          "tail_free",
          "xtc",
          "p_less",
          "min_k",
          "mirostat_v1",
          "mirostat_v2",
          "dynamic_temperature",
          "quadratic",
          "adaptive_p");

  /** The shorthand fields in the order in which they are applied. */
  private static final List<String> SHORTHAND =
      List.of(
          "temperature",
          "top_h",
          "top_k",
          "top_p",
          "min_p",
          "typical_p",
          "epsilon_cutoff",
          "eta_cutoff",
          "top_n_sigma",
          "top_a",
          "tail_free",
          "p_less",
          "min_k");

  private final int maxSteps;
  private final boolean certificate;
  private final OptionalInt nodeLimit;

  /**
   * A reader for one request.
   *
   * @param maxSteps how long a chain may be
   * @param certificate whether Top-H bounds every feasible set
   * @param nodeLimit with a value, Top-H searches for the optimum in so many branches
   */
  SamplerReader(int maxSteps, boolean certificate, OptionalInt nodeLimit) {
    this.maxSteps = maxSteps;
    this.certificate = certificate;
    this.nodeLimit = nodeLimit;
  }

  /** {@code steps}, or the shorthand fields, or neither. */
  List<Sampler> chain(Fields fields) {
    Value steps = fields.get("steps");
    List<Sampler> shorthand = shorthand(fields);
    if (steps == null) {
      return shorthand;
    }
    if (!shorthand.isEmpty()) {
      throw new InvalidInput.ConflictingInputs(
          steps.pointer(),
          "steps stand beside " + shorthand.getFirst().wire() + "; put it into the steps");
    }
    List<Value> list = steps.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(steps.pointer(), "the list is empty; expected samplers");
    }
    Limits.require(steps.pointer(), "max_steps", list.size(), maxSteps);
    return list.stream().map(Value::asFields).map(this::step).toList();
  }

  /** The shorthand fields that are there. */
  List<Sampler> shorthand(Fields fields) {
    var chain = new ArrayList<Sampler>();
    for (String name : SHORTHAND) {
      Value value = fields.get(name);
      if (value != null) {
        shorthand(name, value, chain);
      }
    }
    return chain;
  }

  private void shorthand(String name, Value value, List<Sampler> chain) {
    if (name.equals("p_less")) {
      if (value.asFlag()) {
        chain.add(new PLess(false));
      }
      return;
    }
    chain.add(
        at(
            value,
            () ->
                switch (name) {
                  case "temperature" -> new Temperature(value.asNumber());
                  case "top_h" ->
                      new TopH(
                          value.asNumber(),
                          TopH.Variant.PAPER,
                          OptionalInt.empty(),
                          TopH.Rule.STOP,
                          certificate,
                          nodeLimit);
                  case "top_k" -> new TopK(value.asInt(), false);
                  case "top_p" -> new TopP(value.asNumber());
                  case "min_p" -> new MinP(value.asNumber());
                  case "typical_p" -> new TypicalP(value.asNumber());
                  case "epsilon_cutoff" -> new EpsilonCutoff(value.asNumber());
                  case "eta_cutoff" -> new EtaCutoff(value.asNumber());
                  case "top_n_sigma" -> new TopNSigma(value.asNumber(), 0);
                  case "top_a" -> new TopA(value.asNumber());
                  case "tail_free" -> new TailFree(value.asNumber());
                  default -> new MinK(value.asNumber());
                }));
  }

  /** A parameter that is wrong is, as shorthand, the field itself. */
  private static Sampler at(Value value, Supplier<Sampler> sampler) {
    try {
      return sampler.get();
    } catch (InvalidInput.ParameterOutOfRange e) {
      if (e.pointer().startsWith(value.pointer())) {
        throw e;
      }
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), value.found(), e.expected());
    }
  }

  /** One step: {@code sampler} and its parameters. */
  Sampler step(Fields step) {
    Value name = step.require("sampler");
    Sampler sampler = InvalidInput.under(step.pointer(), () -> named(name, step));
    step.done();
    return sampler;
  }

  private Sampler named(Value name, Fields step) {
    return switch (name.asText()) {
      case "temperature" -> new Temperature(step.require("temperature").asNumber());
      case "top_h" -> topH(step);
      case "top_k" ->
          new TopK(
              step.require("k").asInt(), step.word("ties", Ties.EXACT, Ties::wire) == Ties.ALL);
      case "top_p" -> new TopP(step.require("p").asNumber());
      case "min_p" -> new MinP(step.require("min_p").asNumber());
      case "typical_p" -> new TypicalP(step.require("mass").asNumber());
      case "epsilon_cutoff" -> new EpsilonCutoff(step.require("epsilon").asNumber());
      case "eta_cutoff" -> new EtaCutoff(step.require("epsilon").asNumber());
      case "top_n_sigma" -> new TopNSigma(step.require("n").asNumber(), step.integer("ddof", 0));
      case "top_a" -> new TopA(step.require("a").asNumber());
      case "tail_free" -> new TailFree(step.require("z").asNumber());
      case "xtc" ->
          new Xtc(
              step.number("threshold", 0.1),
              step.require("probability").asNumber(),
              step.require("u").asNumber(),
              step.list("protected_ids").stream().map(Value::asInt).toList());
      case "p_less" -> new PLess(step.flag("normalised", false));
      case "min_k" -> new MinK(step.number("tau", 3));
      case "mirostat_v1" -> {
        double tau = step.number("tau", 5);
        yield new MirostatV1(
            step.number("mu", 2 * tau),
            tau,
            step.number("eta", 0.1),
            step.integer("m", 100),
            id(step));
      }
      case "mirostat_v2" -> {
        double tau = step.number("tau", 5);
        yield new MirostatV2(step.number("mu", 2 * tau), tau, step.number("eta", 0.1), id(step));
      }
      case "dynamic_temperature" ->
          new DynamicTemperature(
              step.require("min_temp").asNumber(),
              step.require("max_temp").asNumber(),
              step.number("exponent", 1));
      case "quadratic" ->
          new Quadratic(
              step.require("smoothing_factor").asNumber(), step.number("smoothing_curve", 1));
      case "adaptive_p" ->
          new AdaptiveP(
              step.require("target").asNumber(),
              step.number("decay", 0.9),
              number(step, "weighted_sum"),
              number(step, "total_weight"),
              id(step));
      default ->
          throw new InvalidInput.ParameterOutOfRange(
              name.pointer(), name.found(), "a sampler" + DidYouMean.suffix(name.asText(), NAMES));
    };
  }

  private enum Ties {
    EXACT,
    ALL;

    String wire() {
      return this == ALL ? "all" : "exact";
    }
  }

  private TopH topH(Fields step) {
    Value topN = step.get("top_n");
    return new TopH(
        step.number("alpha", 0.4),
        step.word("variant", TopH.Variant.PAPER, TopH.Variant::wire),
        topN == null ? OptionalInt.empty() : OptionalInt.of(topN.asInt()),
        step.word("rule", TopH.Rule.STOP, TopH.Rule::wire),
        certificate,
        nodeLimit);
  }

  private static OptionalInt id(Fields step) {
    Value id = step.get("sampled_id");
    return id == null ? OptionalInt.empty() : OptionalInt.of(id.asInt());
  }

  private static OptionalDouble number(Fields step, String name) {
    Value value = step.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.asNumber());
  }
}
