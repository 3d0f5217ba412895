package io.tokentropy.web;

import io.tokentropy.distribution.InvalidInput;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.truncation.Sampler;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code /v1/truncation} is asked.
 *
 * @param steps whether the chain came as {@code steps}
 * @param returned which of {@link #RETURNABLE} the answer has
 * @param maxReturn how many tokens it lists at most
 * @param compare other chains of one step, for their counts and masses
 */
record TruncationRequest(
    Input input,
    EntropyUnit unit,
    List<Sampler> chain,
    boolean steps,
    Set<String> returned,
    int maxReturn,
    List<Sampler> compare) {

  static final List<String> RETURNABLE = List.of("ids", "probs", "logprobs", "bitmask", "cutoff");
  private static final int MAX_RETURN = 1000;
  private static final int NODE_LIMIT = 100_000;
  private static final int MAX_NODE_LIMIT = 10_000_000;

  static TruncationRequest read(Fields fields, InputReader inputs) {
    TruncationRequest request = readAny(fields, inputs);
    if (request.chain().isEmpty()) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(),
          "there is no sampler; expected steps, or a field such as top_h or top_p");
    }
    return request;
  }

  /** The same where there may be no sampler, and everything is kept. */
  static TruncationRequest readAny(Fields fields, InputReader inputs) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    int nodes = fields.integer("node_limit", NODE_LIMIT);
    if (nodes < 1 || nodes > MAX_NODE_LIMIT) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("node_limit"), nodes, "between 1 and " + MAX_NODE_LIMIT);
    }
    boolean exact = fields.flag("exact", false);
    var reader =
        new SamplerReader(
            fields.flag("certificate", true), exact ? OptionalInt.of(nodes) : OptionalInt.empty());
    List<Sampler> chain = reader.chain(fields);
    var compare = new ArrayList<Sampler>();
    for (Value value : fields.list("compare")) {
      Fields rule = value.asFields();
      List<Sampler> one = rule.has("sampler") ? List.of(reader.step(rule)) : reader.shorthand(rule);
      rule.done();
      if (one.size() != 1) {
        throw new InvalidInput.MissingInput(
            value.pointer(), "found " + one.size() + " samplers, expected one");
      }
      compare.add(one.getFirst());
    }
    Set<String> returned = returned(fields);
    int maxReturn = fields.integer("max_return", MAX_RETURN);
    if (maxReturn < 0) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("max_return"), maxReturn, "at least 0");
    }
    boolean steps = fields.has("steps");
    Input input = inputs.read(fields, 1, unit);
    return new TruncationRequest(input, unit, chain, steps, returned, maxReturn, compare);
  }

  /**
   * The function names a step by its index; shorthand has a field of the sampler's name instead.
   */
  InvalidInput place(InvalidInput e) {
    if (!e.pointer().matches("/\\d+(/.*)?")) {
      return e;
    }
    int step = Integer.parseInt(e.pointer().split("/", -1)[1]);
    return steps ? e.under("/steps") : e.at("/" + chain.get(step).wire());
  }

  private static Set<String> returned(Fields fields) {
    var returned = new TreeSet<String>();
    for (Value value : fields.list("return")) {
      String name = value.asText();
      if (!RETURNABLE.contains(name)) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer(),
            value.found(),
            "one of " + String.join(", ", RETURNABLE) + DidYouMean.suffix(name, RETURNABLE));
      }
      returned.add(name);
    }
    return fields.has("return") ? returned : Set.of("ids", "probs");
  }
}
