package io.tokentropy.endpoint.truncation;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.Sampler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads samplers: a chain in {@code steps}, or fields that each bear the name of one, in an {@link
 * Order}.
 */
public final class ChainReader {
  /** The field that says how many tokens a step leaves at least. */
  static final String LEAST = "min_tokens_to_keep";

  private final Limit maxSteps;
  private final Situation situation;

  /**
   * A reader for one call.
   *
   * @param maxSteps how long a chain may be
   */
  public ChainReader(Limit maxSteps, Situation situation) {
    this.maxSteps = maxSteps;
    this.situation = situation;
  }

  /** {@code steps}, or the fields, or neither. */
  public Chain chain(Fields fields) {
    Value steps = fields.get("steps");
    if (fields.has("sampler")) {
      throw new InvalidInput.UnknownField(
          fields.pointer("sampler"),
          "a sampler stands in a step: \"steps\": [{\"sampler\": ...}], or is a field such as"
              + " \"top_p\": 0.9");
    }
    List<Chain.Step<?, ?>> shorthand = shorthand(fields, Order.read(fields));
    if (shorthand.isEmpty() && fields.has(LEAST)) {
      throw new InvalidInput.MissingInput(
          fields.pointer(LEAST), "there is no sampler's field beside it; steps have one each");
    }
    if (steps == null) {
      return new Chain(shorthand);
    }
    if (fields.has(Order.FIELD)) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer(Order.FIELD), "steps run in the order in which they stand");
    }
    if (!shorthand.isEmpty()) {
      throw new InvalidInput.ConflictingInputs(
          steps.pointer(),
          "steps stand beside " + shorthand.getFirst().form().name() + "; put it into the steps");
    }
    List<Value> list = steps.asList();
    if (list.isEmpty()) {
      throw new InvalidInput.MissingInput(steps.pointer(), "the list is empty; expected samplers");
    }
    maxSteps.require(steps.pointer(), list.size());
    return new Chain(list.stream().<Chain.Step<?, ?>>map(step -> step(step.asFields())).toList());
  }

  /** One sampler, as a step or as a field. */
  public Chain one(Value value) {
    Fields rule = value.asFields();
    List<Chain.Step<?, ?>> one =
        rule.has("sampler") ? List.of(step(rule)) : shorthand(rule, Order.HF);
    rule.done();
    if (one.size() != 1) {
      throw new InvalidInput.MissingInput(
          value.pointer(), "found " + one.size() + " samplers, expected one");
    }
    return new Chain(one);
  }

  private static int least(Fields fields) {
    int tokens = fields.integer(LEAST, 1);
    if (tokens < 1) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer(LEAST), tokens, "at least 1");
    }
    return tokens;
  }

  private List<Chain.Step<?, ?>> shorthand(Fields fields, Order order) {
    var steps = new ArrayList<Chain.Step<?, ?>>();
    for (SamplerForm<?, ?> form : order.forms()) {
      Chain.Step<?, ?> step = shorthand(form, fields);
      if (step != null) {
        steps.add(step);
      }
    }
    TopHForm.requireRule(fields);
    return steps;
  }

  /** Null if the sampler has no field, or the field is not there, or asks for nothing. */
  private <S extends Sampler, R extends Sampler.Report> Chain.@Nullable Step<S, R> shorthand(
      SamplerForm<S, R> form, Fields fields) {
    SamplerForm.Shorthand<S> shorthand = form.shorthand();
    Value value = shorthand == null ? null : fields.get(form.name());
    if (shorthand == null || value == null) {
      return null;
    }
    S sampler = read(shorthand, value, fields);
    return sampler == null
        ? null
        : new Chain.Step<>(form, sampler, least(fields), value.pointer(), true);
  }

  /** A parameter that is wrong is the field itself; one of the same name stands there already. */
  private <S> @Nullable S read(SamplerForm.Shorthand<S> shorthand, Value value, Fields fields) {
    try {
      return shorthand.read(value, fields, situation);
    } catch (InvalidInput.ParameterOutOfRange e) {
      if (e.pointer().startsWith(value.pointer())) {
        throw e;
      }
      throw new InvalidInput.ParameterOutOfRange(value.pointer(), value.found(), e.expected())
          .withHint(e.hint());
    }
  }

  /** One step: {@code sampler} and its parameters. */
  private Chain.Step<?, ?> step(Fields step) {
    Value name = step.require("sampler");
    String wanted = name.asText();
    for (SamplerForm<?, ?> form : SamplerForms.ALL) {
      if (form.name().equals(wanted)) {
        return step(form, step);
      }
    }
    throw new InvalidInput.ParameterOutOfRange(
        name.pointer(), name.found(), "a sampler" + DidYouMean.suffix(wanted, SamplerForms.NAMES));
  }

  private <S extends Sampler, R extends Sampler.Report> Chain.Step<S, R> step(
      SamplerForm<S, R> form, Fields step) {
    try {
      S sampler = InvalidInput.under(step.pointer(), () -> form.read(step, situation));
      int least = least(step);
      step.done();
      return new Chain.Step<>(form, sampler, least, step.pointer(), false);
    } catch (InvalidInput.MissingInput | InvalidInput.UnknownField e) {
      refuseMisplaced(form, step);
      throw e;
    }
  }

  /** A field that is known outside steps, and stands in one: what it is called there. */
  private static void refuseMisplaced(SamplerForm<?, ?> form, Fields step) {
    List<String> parameters = form.method().parameterNames();
    for (SamplerForm<?, ?> other : SamplerForms.ALL) {
      String name = other.name();
      if (!parameters.contains(name) && step.has(name)) {
        List<String> others = other.method().parameterNames();
        String written =
            "{\"sampler\": \""
                + name
                + (others.isEmpty() ? "\"}" : "\", \"" + others.getFirst() + "\": ...}");
        throw new InvalidInput.UnknownField(
            step.pointer(name),
            other.equals(form)
                ? "as a step this is written " + written
                : name + " is a sampler of its own, with a step of its own: " + written);
      }
    }
  }
}
