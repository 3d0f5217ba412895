package io.tokentropy.web;

import io.tokentropy.distribution.Row;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.metrics.Meters;
import io.tokentropy.metrics.ModelMeters;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Tells the meters what a call was about. */
@Component
class Tally {
  private final Meters meters;

  Tally(Meters meters) {
    this.meters = meters;
  }

  /** The rows of a call, of any kind. */
  void input(HttpServletRequest request, String endpoint, Input input) {
    input(request, endpoint, input.kind(), input.rows().size(), input.warnings());
    for (Row row : input.rows()) {
      row.vocabSize().ifPresent(meters::vocabulary);
    }
  }

  /** The same where the rows are told one by one, or there are none. */
  void input(
      HttpServletRequest request, String endpoint, String kind, int rows, List<Warning> warnings) {
    Calls.input(request, kind);
    meters.rows(endpoint, kind, rows);
    for (Warning warning : warnings) {
      meters.repair(warning.code());
    }
  }

  /** The entropies of rows, whose model is the call's. */
  void entropies(HttpServletRequest request, List<Row> rows) {
    ModelMeters model = model(request);
    for (Row row : rows) {
      model.entropy(row.entropy());
    }
  }

  /** Is to be told of every model-switch decision of a call. */
  Consumer<EadSwitch.Decision> decisions(HttpServletRequest request) {
    ModelMeters model = model(request);
    return decision -> {
      meters.decision(
          decision.reason().wire(), decision.certified(), decision.next() != decision.model());
      model.token(decision.model() == Model.LARGE);
    };
  }

  /** The meters of the model that the call named. */
  ModelMeters model(HttpServletRequest request) {
    return meters.model(Calls.model(request));
  }
}
