package io.tokentropy.gateway;

import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadConfig.Budget;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.EadConfig.Signal;
import io.tokentropy.switching.EadConfig.Smoothing;
import io.tokentropy.switching.EadConfig.Threshold;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Fill;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.OnEscalate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Questions to a pair, and what was heard of their answers. */
public final class Questions {
  private Questions() {}

  public static EadConfig ead(double tau, int window, Dwell dwell, OnEscalate redo) {
    return ead(tau, window, dwell, redo, Model.SMALL);
  }

  public static EadConfig ead(double tau, int window, Dwell dwell, OnEscalate redo, Model initial) {
    return new EadConfig(
        new Threshold(tau, 0),
        new Smoothing(window, Smoothing.Average.MEAN, OptionalDouble.empty(), Fill.PARTIAL, false),
        new Signal(false, Signal.Point.LOWER),
        initial,
        dwell,
        new Budget(1, 0),
        redo,
        OptionalDouble.empty());
  }

  /** Switches whenever the entropy of the last token is above the threshold, or is not. */
  public static EadConfig ead(double tau) {
    return ead(tau, 1, new Dwell(0, 0, 0, 0), OnEscalate.NEXT);
  }

  public static Question greedy(String prompt, int maxTokens, EadConfig ead, String... stops) {
    return new Question(
        new Prompt.Text(prompt),
        OptionalInt.of(maxTokens),
        Sampling.greedy(),
        new StopStrings(List.of(stops)),
        1,
        OptionalLong.empty(),
        ead,
        Deadline.after(Duration.ofMinutes(5)));
  }

  public static Pair pair(MadeUpEngine small, MadeUpEngine large) {
    return new Pair(small, large, 0, true, time -> {});
  }

  /** All that was told of the answers to a question. */
  static class Heard implements Listener {
    final Map<Integer, List<Piece>> pieces = new HashMap<>();
    final Map<Integer, Ended> ended = new HashMap<>();
    final List<EadSwitch.Decision> decisions = new ArrayList<>();
    final List<EngineFailed> failures = new ArrayList<>();

    @Override
    public synchronized void wrote(int choice, Piece piece) {
      pieces.computeIfAbsent(choice, none -> new ArrayList<>()).add(piece);
    }

    @Override
    public synchronized void ended(int choice, Ended end) {
      ended.put(choice, end);
    }

    @Override
    public synchronized void decided(int choice, EadSwitch.Decision decision) {
      decisions.add(decision);
    }

    @Override
    public synchronized void failed(int choice, Model model, EngineFailed failure) {
      failures.add(failure);
    }

    List<Integer> ids() {
      return ids(0);
    }

    List<Integer> ids(int choice) {
      return pieces.getOrDefault(choice, List.of()).stream()
          .flatMap(piece -> piece.step().ids().stream())
          .toList();
    }

    List<Model> writers() {
      return pieces.getOrDefault(0, List.of()).stream()
          .flatMap(piece -> piece.step().ids().stream().map(id -> piece.writer()))
          .toList();
    }

    String text() {
      var text = new StringBuilder();
      pieces.getOrDefault(0, List.of()).forEach(piece -> text.append(piece.text()));
      Ended end = ended.get(0);
      return text.append(end == null ? "" : end.tail()).toString();
    }
  }
}
