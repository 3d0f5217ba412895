package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.switching.Model;
import java.util.List;

/** No server of a pair could go on with an answer. The first failure is the one that is told. */
public final class GatewayFailed extends Exception {
  private static final long serialVersionUID = 1;

  private final Model model;
  private final EngineFailed first;
  private final transient List<String> notes;

  GatewayFailed(Model model, EngineFailed first, List<String> notes) {
    super("the server of the " + model.wire() + " model " + first.getMessage(), first);
    this.model = model;
    this.first = first;
    this.notes = List.copyOf(notes);
  }

  /** Whose server failed first. */
  public Model model() {
    return model;
  }

  public EngineFailed first() {
    return first;
  }

  /** Codes of all failures, in order. */
  public List<String> notes() {
    return notes;
  }
}
