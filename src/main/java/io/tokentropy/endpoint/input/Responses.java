package io.tokentropy.endpoint.input;

import io.tokentropy.dialect.Dialect;
import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.ResponseReader;
import io.tokentropy.dialect.Sent;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code openai}: what an inference server answered, as it came. */
public final class Responses {
  private final InputLimits limits;
  private final Reader json;

  Responses(InputLimits limits, Reader json) {
    this.limits = limits;
    this.json = json;
  }

  /**
   * The fields of a body: its own, or {@code openai} alone where the body is the response itself.
   */
  public static Fields fields(Value body) {
    boolean input =
        body instanceof Value.Obj(String at, var fields)
            && InputKind.NAMES.stream()
                .anyMatch(name -> !name.equals("logprobs") && fields.containsKey(name));
    return !input && ResponseReader.isResponse(body)
        ? Fields.of(InputKind.OPENAI.wire(), body)
        : body.asFields();
  }

  /** The same where the body is the text of a stream. */
  public static Fields ofText(Value body) {
    return Fields.of(InputKind.OPENAI.wire(), body);
  }

  /** The dialect that the caller names; null for {@code auto}. */
  static @Nullable Dialect dialect(Fields fields) {
    Value value = fields.get("dialect");
    if (value == null || value.asText().equals("auto")) {
      return null;
    }
    return Fields.word(value, Dialect.class, Dialect::wire);
  }

  /** What becomes of a token that cannot be read. */
  private enum OnBadToken {
    REFUSE,
    SKIP;

    private String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether {@code on_bad_token} asks for the tokens that can be read. */
  static boolean skipsBadTokens(Fields fields) {
    return fields.word("on_bad_token", OnBadToken.REFUSE, OnBadToken::wire) == OnBadToken.SKIP;
  }

  /** The answer, or where the response scores the prompt alone, that. */
  Reading read(Value value, @Nullable Dialect dialect, Sent sent) {
    return whole(value, dialect, sent).answer();
  }

  /** All of it, the tokens of the prompt included. */
  Reading whole(Value value, @Nullable Dialect dialect, Sent sent) {
    Reading reading = ResponseReader.read(value, json, dialect, sent, limits.rows().toInt());
    limits.rows().require(value.pointer(), reading.tokens().size());
    return reading;
  }

  /** The rows of those tokens that have alternatives. */
  Input input(Value value, @Nullable Dialect dialect, Sent sent) {
    Reading reading = read(value, dialect, sent);
    var rows = new ArrayList<Row>();
    for (Token token : reading.tokens()) {
      if (token.row() != null) {
        rows.add(token.row());
      }
    }
    var warnings = new ArrayList<>(warnings(reading, true));
    if (dialect == null) {
      warnings.add(recognised(reading));
    }
    return new Input(InputKind.OPENAI, rows, warnings, false, false);
  }

  /** As what a response was read whose dialect nobody named. */
  static Warning recognised(Reading reading) {
    return Warning.of("recognised", "read as " + reading.dialect().wire());
  }

  /**
   * What is to be said of a response.
   *
   * @param byRow whether to count rows; else tokens, of which some have no row
   */
  public static List<Warning> warnings(Reading reading, boolean byRow) {
    var warnings = new ArrayList<Warning>();
    var places = new int[reading.tokens().size() + 1];
    int rows = 0;
    for (int i = 0; i < reading.tokens().size(); i++) {
      PartialDistribution row = reading.tokens().get(i).row();
      places[i] = byRow ? rows : i;
      if (row != null) {
        TopLogprobs.warn(row, places[i], warnings);
        rows++;
      }
    }
    for (Reading.Note note : reading.notes()) {
      int place = note.token() < 0 ? -1 : places[note.token()];
      warnings.add(new Warning(note.code(), note.message(), place));
    }
    long answers = reading.tokens().stream().mapToInt(Token::choice).distinct().count();
    if (byRow && answers > 1) {
      warnings.add(
          Warning.of(
              "several_answers",
              "the rows are those of " + answers + " answers, in the order of the response"));
    }
    if (reading.tokens().isEmpty()) {
      warnings.add(Warning.of("no_tokens", "the response holds no token"));
    }
    return warnings;
  }
}
