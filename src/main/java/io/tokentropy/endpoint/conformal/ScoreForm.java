package io.tokentropy.endpoint.conformal;

import io.tokentropy.conformal.Nonconformity;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A conformal score as it is written: its name, and the parameters that RAPS alone has. */
final class ScoreForm {
  static final double LAMBDA = 0.01;
  static final int K_REG = 5;

  private ScoreForm() {}

  private enum Name {
    LAC,
    APS,
    RAPS;

    private String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Nonconformity read(Fields fields) {
    Name name = fields.word("score", Name.LAC, Name::wire);
    double lambda = fields.number("lambda", LAMBDA);
    int kReg = fields.integer("k_reg", K_REG);
    Nonconformity.Raps raps =
        InvalidInput.under(fields.pointer(), () -> new Nonconformity.Raps(lambda, kReg));
    return switch (name) {
      case LAC -> new Nonconformity.Lac();
      case APS -> new Nonconformity.Aps();
      case RAPS -> raps;
    };
  }

  static void write(Nonconformity score, Answer answer) {
    switch (score) {
      case Nonconformity.Lac lac -> answer.put("score", Name.LAC.wire());
      case Nonconformity.Aps aps -> answer.put("score", Name.APS.wire());
      case Nonconformity.Raps(double lambda, int kReg) ->
          answer.put("score", Name.RAPS.wire()).put("lambda", lambda).put("k_reg", kReg);
    }
  }

  /**
   * {@code u}, one a row; zeros where it is not there, or where the score takes none.
   *
   * @throws InvalidInput.ShapeMismatch if there are more or fewer than rows
   * @throws InvalidInput.ParameterOutOfRange outside [0, 1]
   */
  static List<Double> draws(Fields fields, int rows) {
    Value value = fields.get("u");
    if (value == null) {
      return Collections.nCopies(rows, 0.0);
    }
    double[] u = value.asNumbers();
    if (u.length != rows) {
      throw new InvalidInput.ShapeMismatch(
          value.pointer(), "found " + u.length + " draws for " + rows + " rows, expected one each");
    }
    for (int i = 0; i < u.length; i++) {
      if (!(u[i] >= 0 && u[i] <= 1)) {
        throw new InvalidInput.ParameterOutOfRange(
            value.pointer() + "/" + i, u[i], "between 0 and 1");
      }
    }
    return Arrays.stream(u).boxed().toList();
  }
}
