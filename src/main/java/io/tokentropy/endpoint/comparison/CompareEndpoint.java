package io.tokentropy.endpoint.comparison;

import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Endpoint.Form;
import io.tokentropy.endpoint.Items;
import io.tokentropy.endpoint.Refusals;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.ListedTokens;
import io.tokentropy.endpoint.input.WholeInputs;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code /v1/compare}: how far two distributions are apart. */
public final class CompareEndpoint {
  public static final String PATH = "/v1/compare";

  private final InputReader inputs;
  private final Refusals refusals;

  private CompareEndpoint(InputReader inputs, Refusals refusals) {
    this.inputs = inputs;
    this.refusals = refusals;
  }

  public static Endpoint<?> of(InputReader inputs, Refusals refusals) {
    var compare = new CompareEndpoint(inputs, refusals);
    return new Endpoint<>(
        PATH,
        Set.of(Form.JSON),
        compare::read,
        compare::answer,
        null,
        CompareMethods.LIST,
        CompareEndpoint::cost);
  }

  private record Asked(EntropyUnit unit, ListedTokens listed, Items<CompareRequest> pairs) {}

  private Asked read(Fields fields) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    ListedTokens listed = ListedTokens.read(fields);
    Items<CompareRequest> pairs =
        Items.read(fields, inputs.limits().rows(), own -> CompareRequest.read(own, inputs));
    listed.requireWithin(inputs.limits(), pairs.readable().flatMapToLong(CompareRequest::listed));
    return new Asked(unit, listed, pairs);
  }

  private static Cost cost(Asked asked) {
    return Cost.of(asked.pairs().readable().mapToLong(CompareRequest::operations).sum(), 0);
  }

  private Answer answer(Asked asked, Tally tally) {
    var warnings = new ArrayList<Warning>();
    asked.pairs().readable().forEach(pair -> pair.rows().count(tally));
    List<Answer> data =
        asked
            .pairs()
            .answers(
                (pair, index) ->
                    new CompareAnswer(asked.unit(), asked.listed(), index, warnings).of(pair),
                refusals);
    Answer answer = Answer.of("list").put("unit", asked.unit().wire());
    WholeInputs.describe(answer, asked.pairs().readable().map(CompareRequest::rows).toList());
    return Warning.putAll(warnings, answer.put("data", data));
  }
}
