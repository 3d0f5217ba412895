package io.tokentropy.endpoint.truncation;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.DidYouMean;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What {@code /v1/truncation} is asked.
 *
 * @param returned which of {@link #RETURNABLE} the answer has
 * @param maxReturn how many tokens it lists at most
 * @param compare other chains of one step, for their counts and masses
 * @param maxEntries how many tokens all rows of the answer list together at most
 * @param branches that exact searches may look at, all rows together
 */
public record TruncationRequest(
    Input input,
    EntropyUnit unit,
    Chain chain,
    Set<String> returned,
    int maxReturn,
    List<Chain> compare,
    Limit maxEntries,
    long branches) {

  /** About how many basic operations it takes to cut one number of a row. */
  private static final long OPERATIONS = 16;

  /** Bytes that one number of a row takes while the row is cut. */
  private static final long WORK = 40;

  /** About how many it takes to look at one branch of an exact search. */
  private static final long BRANCH = 2000;

  static final List<String> RETURNABLE = List.of("ids", "probs", "logprobs", "bitmask", "cutoff");
  private static final int MAX_RETURN = 1000;
  private static final int NODE_LIMIT = 100_000;

  static TruncationRequest read(Fields fields, InputReader inputs, TruncationLimits limits) {
    TruncationRequest request = readAny(fields, inputs, limits);
    if (request.chain().isEmpty()) {
      fields.done();
      throw new InvalidInput.MissingInput(
          fields.pointer(),
          "there is no sampler; expected steps, or a field such as top_h or top_p");
    }
    return request;
  }

  /** The same where there may be no sampler, and everything is kept. */
  public static TruncationRequest readAny(
      Fields fields, InputReader inputs, TruncationLimits limits) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    int nodes = fields.integer("node_limit", NODE_LIMIT);
    if (nodes < 1) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer("node_limit"), nodes, "at least 1");
    }
    boolean exact = fields.flag("exact", false);
    var proof =
        new Proof(
            fields.flag("certificate", true), exact ? OptionalInt.of(nodes) : OptionalInt.empty());
    Situation situation = Situation.read(fields, proof, limits.history());
    var reader = new ChainReader(limits.steps(), situation);
    Chain chain = reader.chain(fields);
    Chain shared = fields.has("steps") ? new Chain(List.of()) : chain;
    List<Value> rules = fields.list("compare");
    limits.steps().require(fields.pointer("compare"), rules.size());
    List<Chain> compare = rules.stream().map(reader::one).map(shared::begin).toList();
    Set<String> returned = returned(fields);
    int maxReturn = fields.integer("max_return", MAX_RETURN);
    if (maxReturn < 0) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("max_return"), maxReturn, "at least 0");
    }
    Input input = inputs.read(fields, 1, unit);
    situation.requireOneRow(fields, input.rows().size());
    long branches = 0;
    if (exact) {
      long searches =
          Stream.concat(Stream.of(chain), compare.stream()).mapToLong(Chain::searches).sum();
      branches = searches * nodes * input.rows().size();
      limits
          .nodes()
          .require(fields.pointer(fields.has("node_limit") ? "node_limit" : "exact"), branches);
    }
    return new TruncationRequest(
        input,
        unit,
        chain,
        returned,
        maxReturn,
        compare,
        inputs.limits().answerEntries(),
        branches);
  }

  /** About how many basic operations it takes to cut all rows by the chain. */
  public long operations() {
    return OPERATIONS * numbers() * Math.max(1, chain.samplers().size());
  }

  /** What it takes with everything else that is asked for. */
  public Cost cost() {
    long numbers = numbers();
    long steps = Math.max(1, chain.samplers().size());
    for (Chain other : compare) {
      steps += other.samplers().size();
    }
    int rows = input.rows().size();
    long atOnce = Math.min(rows, Runtime.getRuntime().availableProcessors());
    return Cost.of(
        OPERATIONS * numbers * steps + BRANCH * branches,
        numbers * Double.BYTES + WORK * numbers / rows * atOnce);
  }

  /** Those of all rows that are known as a whole. */
  private long numbers() {
    long numbers = 0;
    for (Row row : input.rows()) {
      if (row instanceof Distribution whole) {
        numbers += whole.size();
      }
    }
    return numbers;
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
