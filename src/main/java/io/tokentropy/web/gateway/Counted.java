package io.tokentropy.web.gateway;

import io.tokentropy.gateway.Ended;
import io.tokentropy.gateway.Listener;
import io.tokentropy.gateway.Piece;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.metrics.GatewayMeters;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts what both models do for some answers, while they do it, and tells another listener. */
final class Counted implements Listener {
  private final Listener listener;
  private final GatewayMeters.Call meters;

  /** By answer, the model whose first token came last. */
  private final AtomicReferenceArray<Model> last;

  Counted(Listener listener, GatewayMeters.Call meters, int choices) {
    this.listener = listener;
    this.meters = meters;
    this.last = new AtomicReferenceArray<>(choices);
  }

  @Override
  public void wrote(int choice, Piece piece) {
    meters.tokens("delivered", piece.writer().wire(), piece.step().ids().size());
    listener.wrote(choice, piece);
  }

  @Override
  public void ended(int choice, Ended ended) {
    Ended.Stretch before = null;
    for (Ended.Stretch stretch : ended.stretches()) {
      if (before != null) {
        meters.switched(stretch.model().wire(), before.reason());
      }
      before = stretch;
    }
    listener.ended(choice, ended);
  }

  @Override
  public void decided(int choice, EadSwitch.Decision decision) {
    if (decision.redo()) {
      meters.tokens("wasted", decision.model().wire(), 1);
    }
    listener.decided(choice, decision);
  }

  @Override
  public void failed(int choice, Model model, EngineFailed failure) {
    listener.failed(choice, model, failure);
  }

  @Override
  public void fellBack(int choice, Model failed, EngineFailed failure) {
    meters.fellBack(failed.wire(), failure.fault().wire());
    listener.fellBack(choice, failed, failure);
  }

  @Override
  public void called(int choice, Call call) {
    String model = call.model().wire();
    meters.tokens("wasted", model, call.unused());
    meters.tokens("prompt", model, call.usage().prompt());
    meters.tokens("cached", model, call.usage().cached());
    if (call.firstTokenMillis().isPresent()) {
      Model before = last.getAndSet(choice, call.model());
      if (before != call.model()) {
        meters.firstToken(
            model, before == null ? "start" : "switch", call.firstTokenMillis().getAsDouble());
      }
    }
    listener.called(choice, call);
  }
}
