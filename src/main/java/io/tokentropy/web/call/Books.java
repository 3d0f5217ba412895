package io.tokentropy.web.call;

import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.metrics.Meters;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ledger of the service: how much each book may hold, what is said where it is full. */
@Configuration(proxyBeanMethods = false)
class Books {
  /** What all cores decode at once fits whatever the settings are, and so does one dear call. */
  @Bean
  static Ledger ledger(Limits limits, AdmissionSettings settings, Meters meters) {
    long cores = Runtime.getRuntime().availableProcessors();
    long decoded = limits.input().decodedBytes().value();
    long inWork = settings.maxValuesInFlight();
    long cost = settings.maxCostInFlight();
    var ledger =
        new Ledger(
            Map.of(
                Book.BODIES, settings.maxBytesInFlight(),
                Book.VALUES, Math.max(inWork, Math.multiplyExact(cores, decoded)),
                Book.ANSWERS, settings.maxAnswersInFlight(),
                Book.COST, cost == 0 ? 5 * (limits.cost().value() / 2) : cost),
            Books::full);
    for (Book book : Book.values()) {
      if (book == Book.COST) {
        meters.cost(() -> ledger.held(book), ledger.limit(book));
      } else {
        meters.bytes(book.wire(), () -> ledger.held(book), ledger.limit(book));
      }
    }
    return ledger;
  }

  private static Refused full(Book book, long limit) {
    String setting = AdmissionSettings.setting(setting(book));
    return new Refused(
        ProblemKind.OVERLOADED,
        switch (book) {
              case BODIES -> "other bodies hold the memory for bodies, " + limit + " bytes (";
              case VALUES ->
                  "other calls hold the memory for what is in work, " + limit + " bytes (";
              case ANSWERS ->
                  "answers that nobody has read yet hold the memory for answers, "
                      + limit
                      + " bytes (";
              case COST -> "calls that take long are under way already, " + limit + " operations (";
            }
            + setting
            + ")");
  }

  private static String setting(Book book) {
    return switch (book) {
      case BODIES -> "max_bytes_in_flight";
      case VALUES -> "max_values_in_flight";
      case ANSWERS -> "max_answers_in_flight";
      case COST -> "max_cost_in_flight";
    };
  }
}
