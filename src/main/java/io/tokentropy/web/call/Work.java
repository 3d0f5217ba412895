package io.tokentropy.web.call;

import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.metrics.Meters;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.admission.Dear;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Computes what a call asks, once it is known what that takes: at once and on the core that the
 * call holds, or, if it takes long or waits for something, beside those who hold a core.
 */
@Component
class Work {
  private final Dear dear;
  private final Ledger ledger;
  private final Limits limits;
  private final Meters meters;

  Work(Dear dear, Ledger ledger, Limits limits, Meters meters) {
    this.dear = dear;
    this.ledger = ledger;
    this.limits = limits;
    this.meters = meters;
  }

  /** Whoever waits for a call. */
  interface Patient {
    /** For how long; asked only where it takes long. */
    Dear.Patience patience();
  }

  /** All of one call that is a part of another: read, computed, and counted under its own path. */
  <Q> Answer answer(
      Endpoint<Q> endpoint, Fields fields, Admission.Core core, Account account, Patient patient) {
    var tally = new MeteredTally(meters, endpoint.path(), fields.text("model"), kind -> {});
    Q asked = endpoint.read().apply(fields);
    fields.done();
    return compute(
        core,
        account,
        asked,
        endpoint.cost(),
        endpoint.await(),
        patient,
        ready -> endpoint.answer().apply(ready, tally));
  }

  /**
   * Computes it.
   *
   * @param core that the call holds; left while it waits, and for what takes long
   * @param account that holds what is in work
   * @param await what it needs from elsewhere; null if it needs nothing
   * @throws InvalidInput.LimitExceeded if it takes more than one call may
   */
  <Q, T> T compute(
      Admission.Core core,
      Account account,
      Q asked,
      Function<Q, Cost> price,
      Endpoint.@Nullable Await<Q> await,
      Patient patient,
      Function<Q, T> work) {
    Cost cost = price.apply(asked);
    boolean waits = await != null && await.waits(asked);
    if (cost.isNothing() && !waits) {
      return work.apply(asked);
    }
    requireWithin(cost);
    account.take(Book.VALUES, cost.bytes());
    if (cost.operations() <= Dear.OPERATIONS && !waits) {
      return work.apply(asked);
    }
    core.leave();
    account.take(Book.COST, cost.operations());
    try {
      Dear.Patience patience = patient.patience();
      if (await == null || !waits) {
        return dear.compute(patience, () -> work.apply(asked));
      }
      Q ready = dear.await(patience, () -> await.arrived(asked));
      if (price.apply(ready).operations() > Dear.OPERATIONS) {
        return dear.compute(patience, () -> work.apply(ready));
      }
      core.enter(patience.deadline());
      return work.apply(ready);
    } finally {
      account.giveBack(Book.COST, cost.operations());
    }
  }

  private void requireWithin(Cost cost) {
    limits.cost().require("", cost.operations());
    long most = ledger.mostOfOne(Book.VALUES);
    if (cost.bytes() > most) {
      String name = "max_values_in_flight";
      throw new InvalidInput.LimitExceeded(
          "", name, cost.bytes(), most, AdmissionSettings.setting(name));
    }
  }
}
