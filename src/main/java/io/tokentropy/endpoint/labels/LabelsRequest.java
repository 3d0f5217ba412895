package io.tokentropy.endpoint.labels;

import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.endpoint.input.Input;
import io.tokentropy.endpoint.input.InputKind;
import io.tokentropy.endpoint.input.InputReader;
import io.tokentropy.endpoint.input.Responses;
import io.tokentropy.endpoint.score.Thoughts;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.labels.LabelSet;
import io.tokentropy.labels.Place;
import io.tokentropy.labels.Seen;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.score.Thinking;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How probable some labels are in each of some rows.
 *
 * @param input a row a question; of a response, one for each of its answers
 * @param tokens which tokens of the response the rows are those of; empty for other inputs
 * @param dialect as which a response was read
 */
record LabelsRequest(
    LabelSet labels, Input input, List<Asked> tokens, @Nullable String dialect, EntropyUnit unit) {

  /** The token of an answer that is a label. */
  record Asked(Token token, int position) {
    /** The token as it is called in the response. */
    Seen sampled() {
      return new Seen(token.id(), token.text(), token.lnProb().orElse(Double.NEGATIVE_INFINITY));
    }
  }

  static LabelsRequest read(
      Fields fields, InputReader inputs, LabelLimits limits, List<Thinking.Tag> tags) {
    EntropyUnit unit = fields.word("unit", EntropyUnit.NAT, EntropyUnit::wire);
    double temperature = fields.number("temperature", 1);
    LabelSet labels = LabelForm.read(fields, limits);
    LabelsRequest asked;
    Value response = fields.get(InputKind.OPENAI.wire());
    boolean alone = InputKind.NAMES.stream().filter(fields::has).count() == 1;
    if (response != null && alone && temperature == 1) {
      Place place = LabelForm.place(fields);
      asked = of(inputs.response(response, fields), response, place, tags, labels, unit);
    } else {
      Input input = inputs.read(fields, temperature, unit);
      Value position = fields.get("position");
      if (position != null) {
        throw new InvalidInput.ConflictingInputs(
            position.pointer(), "a position needs openai; rows are taken one by one");
      }
      asked = new LabelsRequest(labels, input, List.of(), null, unit);
    }
    inputs
        .limits()
        .answerEntries()
        .require(
            fields.pointer("labels"),
            (long) asked.input.rows().size() * (2L * labels.labels().size() + labels.tokens()));
    return asked;
  }

  private static LabelsRequest of(
      Reading reading,
      Value response,
      Place place,
      List<Thinking.Tag> tags,
      LabelSet labels,
      EntropyUnit unit) {
    List<Integer> choices =
        reading.tokens().stream().map(Token::choice).distinct().sorted().toList();
    if (choices.isEmpty()) {
      throw new InvalidInput.MissingInput(response.pointer(), "the response holds no token");
    }
    var rows = new ArrayList<Row>();
    var asked = new ArrayList<Asked>();
    List<Warning> all = Responses.warnings(reading, false);
    var warnings = new ArrayList<Warning>();
    for (int choice : choices) {
      Asked token = token(reading, choice, place, tags, response);
      int number = reading.tokens().indexOf(token.token());
      for (Warning warning : all) {
        if (warning.index() == number) {
          warnings.add(new Warning(warning.code(), warning.message(), rows.size()));
        }
      }
      rows.add(Objects.requireNonNull(token.token().row()));
      asked.add(token);
    }
    all.stream().filter(warning -> warning.index() < 0).forEach(warnings::add);
    var input = new Input(InputKind.OPENAI, rows, warnings, false, false);
    return new LabelsRequest(labels, input, asked, reading.dialect().wire(), unit);
  }

  private static Asked token(
      Reading reading, int choice, Place place, List<Thinking.Tag> tags, Value response) {
    List<Token> tokens =
        reading.tokens().stream().filter(token -> token.choice() == choice).toList();
    List<String> texts =
        tokens.stream().map(token -> Objects.requireNonNullElse(token.text(), "")).toList();
    int position;
    try {
      position = place.in(texts, Thoughts.of(tokens, tags).tokens());
    } catch (InvalidInput e) {
      throw place instanceof Place.First ? e.under(response.pointer()) : e.under("/position");
    }
    Token token = tokens.get(position);
    PartialDistribution row = token.row();
    if (row == null) {
      throw new InvalidInput.MissingInput(
              response.pointer(), "token " + position + " has no alternatives")
          .withHint("Ask the server for the best few tokens of each position (top_logprobs).");
    }
    return new Asked(token, position);
  }
}
