package io.tokentropy.gateway;

import io.tokentropy.distribution.SplitMix64;
import io.tokentropy.gateway.Ended.Finish;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.gateway.engine.Step;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.gateway.engine.StintRequest;
import io.tokentropy.switching.EadSwitch.Decision;
import io.tokentropy.switching.EadTotals;
import io.tokentropy.switching.Model;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One answer, from its prompt to its end: calls the model whose turn it is, reads until it is the
 * other's turn, closes the call, and goes on behind the last token that was kept.
 */
final class Choice {
  /** A model that failed is not asked again for so many tokens. */
  private static final int REST = 32;

  /** Calls of one answer that broke when they had begun, before it is given up. */
  private static final int GREATEST_BREAKS = 2;

  private static final Duration GREATEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final int index;
  private final Pair pair;
  private final Question question;
  private final Prompts prompts;
  private final Listener listener;

  private final Walk walk;
  private final Holdback holdback = new Holdback();
  private final Log log = new Log();
  private final Set<String> notes = new LinkedHashSet<>();
  private StopStrings.Found stops;

  private int[] kept = new int[64];
  private int length;
  private int greatestId = -1;

  /** Whether the text that is kept ends with a whole character. */
  private boolean boundary = true;

  /** A step that is to be written again by the other model. */
  private @Nullable Step dropped;

  private int delivered;
  private int calls;

  /** By model, the length of the answer when it failed last. */
  private final Map<Model, Integer> failedAt = new EnumMap<>(Model.class);

  private int breaks;
  private @Nullable EngineFailed firstFailure;
  private Model firstToFail = Model.SMALL;

  private volatile boolean cancelled;
  private volatile @Nullable Stint current;

  Choice(int index, Pair pair, Question question, Prompts prompts, Listener listener) {
    this.index = index;
    this.pair = pair;
    this.question = question;
    this.prompts = prompts;
    this.listener = listener;
    this.walk = new Walk(question.ead());
    this.stops = question.stops().start();
  }

  /** Writes the answer. */
  Ended run() throws GatewayFailed {
    prompts.prepare(walk.model().other());
    Finish finish = null;
    while (finish == null) {
      Model model = walk.model();
      try (Opened opened = open(model)) {
        finish = read(opened);
      } catch (EngineFailed e) {
        finish = recover(model, e);
      }
    }
    Ended ended = end(finish);
    listener.ended(index, ended);
    return ended;
  }

  /** Ends the call that is under way, and lets no other begin; from any thread. */
  void cancel() {
    cancelled = true;
    Stint open = current;
    if (open != null) {
      open.close();
    }
  }

  /** A call that has brought its first step, or its end: null. */
  private final class Opened implements AutoCloseable {
    final Model model;
    final OptionalInt asked;
    final Stint stint;
    @Nullable Step next;

    /** Tokens that were read. */
    int read;

    /** Whether it came to its own end. */
    boolean over;

    OptionalDouble firstTokenMillis = OptionalDouble.empty();

    Opened(Model model, StintRequest request, Stint stint) {
      this.model = model;
      this.asked = request.maxTokens();
      this.stint = stint;
    }

    void advance() throws EngineFailed {
      next = stint.next();
      if (next == null) {
        over = true;
      } else {
        read += next.ids().size();
      }
    }

    @Override
    public void close() {
      stint.close();
      current = null;
      Stint.Usage usage = stint.usage();
      int unused = over ? 0 : Math.max(0, usage.completion() - read);
      log.paid(model, usage, unused);
      listener.called(index, new Listener.Call(model, usage, unused, firstTokenMillis));
    }
  }

  /** Calls a model; once more where nothing came of it and nothing was spent. */
  private Opened open(Model model) throws EngineFailed {
    int call = calls++;
    try {
      return tryOpen(model, call);
    } catch (EngineFailed e) {
      if (e.fault() != Fault.UNREACHABLE && e.fault() != Fault.BUSY) {
        throw e;
      }
      rest(e.retryAfter());
      return tryOpen(model, call);
    }
  }

  private Opened tryOpen(Model model, int call) throws EngineFailed {
    int[] prompt = prompts.of(model);
    StintRequest request = request(prompt, call);
    if (cancelled) {
      throw new EngineFailed(Fault.CLOSED, "was not called");
    }
    log.calls(model);
    Stint stint = pair.engine(model).open(request, question.deadline());
    var opened = new Opened(model, request, stint);
    current = stint;
    try {
      if (cancelled) {
        throw new EngineFailed(Fault.CLOSED, "was not waited for");
      }
      opened.advance();
      opened.firstTokenMillis = OptionalDouble.of(log.first());
      return opened;
    } catch (EngineFailed | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private StintRequest request(int[] prompt, int call) {
    int[] ids = Arrays.copyOf(prompt, prompt.length + length);
    System.arraycopy(kept, 0, ids, prompt.length, length);
    OptionalInt most = question.maxTokens();
    int rest = most.isPresent() ? most.getAsInt() - length : Integer.MAX_VALUE;
    int tokens = pair.chunk() > 0 ? Math.min(pair.chunk(), rest) : rest;
    return new StintRequest(
        ids,
        tokens == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(tokens),
        question.sampling(),
        question.seed().isPresent()
            ? OptionalLong.of(seed(question.seed().getAsLong(), index, call))
            : OptionalLong.empty());
  }

  /** Of each call its own, in the 31 bits that all servers take. */
  static long seed(long seed, int choice, int call) {
    long own = (long) (SplitMix64.at(seed, choice) * 0x1p53);
    return (long) (SplitMix64.at(own, call) * 0x1p31);
  }

  private void rest(Duration asked) throws EngineFailed {
    Duration most = asked.isPositive() ? asked : PAUSE;
    long nanos = (most.compareTo(GREATEST_PAUSE) < 0 ? most : GREATEST_PAUSE).toNanos();
    try {
      // Clients that were turned away together shall not come back together.
      pair.pause().of(Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineFailed(Fault.CLOSED, "was not waited for");
    }
  }

  /** Reads until the answer ends, or the call does: null. */
  private @Nullable Finish read(Opened call) throws EngineFailed {
    for (Step step = call.next; step != null; step = call.next) {
      Finish finish = take(step, call.model);
      if (finish != null) {
        log.ends(call.model, finish.wire());
        if (finish == Finish.LENGTH) {
          settle(call);
        }
        return finish;
      }
      if (walk.model() != call.model) {
        return null;
      }
      call.advance();
    }
    if (call.stint.finish() == Stint.Finish.STOP) {
      log.ends(call.model, Finish.STOP.wire());
      return Finish.STOP;
    }
    if (call.asked.isPresent() && call.read >= call.asked.getAsInt()) {
      return null;
    }
    log.ends(call.model, Finish.LENGTH.wire());
    return Finish.LENGTH;
  }

  /** All that was asked for is there; what is left of the call says what it took. */
  private static void settle(Opened call) {
    try {
      call.advance();
    } catch (EngineFailed e) {
      // The answer is complete without it.
      call.over = true;
    }
  }

  /** A step: kept, or dropped for the other model to write it. */
  private @Nullable Finish take(Step step, Model model) {
    StopStrings.Found found = question.stops().after(stops, step.bytes());
    int ids = step.ids().size();
    String reason = "";
    for (int i = 0; i < ids; i++) {
      boolean last = i == ids - 1;
      Decision decision =
          walk.step(
              ids == 1 ? step.row() : null,
              pair.engine(model).vocabSize(),
              switched -> inTheWay(switched, step, last, found.isComplete()));
      listener.decided(index, decision);
      reason = decision.reason().wire();
      if (decision.redo()) {
        dropped = step;
        log.ends(model, reason);
        return null;
      }
    }
    Finish finish = keep(step, model, found);
    if (walk.model() != model) {
      log.ends(model, reason);
      if (finish != null) {
        // There is no next token that the other model could write.
        walk.hold(model);
      }
    }
    return finish;
  }

  /** What stands in the way of a switch; null if nothing does. */
  private @Nullable String inTheWay(Decision decision, Step step, boolean last, boolean stopped) {
    if (stopped) {
      return "stop";
    }
    Model next = decision.next();
    int after = decision.redo() ? length : length + step.ids().size();
    String note = null;
    if (decision.redo() ? !boundary : !last || !step.boundary()) {
      note = "boundary_held";
    } else if (greatestId(decision.redo() ? null : step) >= pair.engine(next).vocabSize()) {
      note = "vocabulary_held";
    } else if (after < failedAt.getOrDefault(next, -REST) + REST) {
      note = next.wire() + "_unavailable";
    }
    if (note != null) {
      notes.add(note);
    }
    return note;
  }

  private int greatestId(@Nullable Step more) {
    int greatest = greatestId;
    if (more != null) {
      for (int id : more.ids()) {
        greatest = Math.max(greatest, id);
      }
    }
    return greatest;
  }

  private @Nullable Finish keep(Step step, Model model, StopStrings.Found found) {
    if (step.reconstructed()) {
      notes.add("ids_reconstructed");
    }
    if (length + step.ids().size() > kept.length) {
      kept = Arrays.copyOf(kept, 2 * (length + step.ids().size()));
    }
    for (int id : step.ids()) {
      kept[length++] = id;
    }
    greatestId = greatestId(step);
    boundary = step.boundary();
    dropped = null;
    stops = found;
    log.kept(model, step.ids().size());
    holdback.add(step, model, found).forEach(this::deliver);
    if (found.isComplete()) {
      return Finish.STOP;
    }
    boolean full = question.maxTokens().isPresent() && length >= question.maxTokens().getAsInt();
    return full ? Finish.LENGTH : null;
  }

  private void deliver(Piece piece) {
    for (int id : piece.step().ids()) {
      require(kept[delivered++] == id, "a token was delivered that is not the next one");
    }
    listener.wrote(index, piece);
  }

  /**
   * A model failed: the other one goes on behind the last token that was kept, if it can.
   *
   * @throws GatewayFailed with the first failure, if it cannot
   */
  private @Nullable Finish recover(Model model, EngineFailed failure) throws GatewayFailed {
    Model other = model.other();
    if (firstFailure == null) {
      firstFailure = failure;
      firstToFail = model;
    }
    notes.add("failed:" + model.wire() + ":" + failure.fault().wire());
    listener.failed(index, model, failure);
    boolean both = failedAt.getOrDefault(other, -1) == length;
    if (both
        || cancelled
        || !pair.carriesOn()
        || isFinal(failure.fault())
        || greatestId >= pair.engine(other).vocabSize()) {
      throw new GatewayFailed(firstToFail, firstFailure, notes.stream().toList());
    }
    log.ends(model, failure.fault().wire());
    listener.fellBack(index, model, failure);
    notes.add("fallback");
    notes.add(model.wire() + "_unavailable");
    Finish finish = null;
    if (!walk.hasBegun()) {
      walk.begin(other);
    } else {
      walk.hold(other);
      Step again = dropped;
      if (again != null) {
        finish = keep(again, other, question.stops().after(stops, again.bytes()));
      }
    }
    failedAt.put(model, length);
    return finish;
  }

  /** Whether the other model must not, or cannot, go on after such a failure. */
  private boolean isFinal(Fault fault) {
    return switch (fault) {
      case CLOSED, DEADLINE, NO_LOGPROBS -> true;
      case UNREACHABLE, BUSY, DENIED -> false;
      case REJECTED, SLOW_START, IDLE, CUT, MALFORMED -> ++breaks >= GREATEST_BREAKS;
    };
  }

  private Ended end(Finish finish) {
    holdback.end().forEach(this::deliver);
    EadTotals totals = EadTotals.of(walk.state());
    require(delivered == length, "a token was kept and not delivered");
    require(totals.kept() == length, "tokens were decided on that were not kept");
    require(log.tokens() == length, "the stretches are not the answer");
    return new Ended(
        finish,
        holdback.tail(),
        prompts.length(),
        length,
        totals,
        log.cut(),
        walk.state().uncertified(),
        log.stretches(),
        log.paid(),
        notes.stream().toList());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }
}
