package io.tokentropy.gateway;

import io.tokentropy.distribution.Interval;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Engines;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Sampling;
import io.tokentropy.gateway.engine.Step;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.gateway.engine.StintRequest;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.Observation;
import io.tokentropy.switching.OnEscalate;
import io.tokentropy.upstream.ApiKey;
import io.tokentropy.upstream.ModelServer;
import io.tokentropy.upstream.ServerConfig;
import io.tokentropy.upstream.ServerKind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ngram.Corpus;

/**
 * Two real llama.cpp servers, as {@code src/ci/llamacpp_pair.py} starts them: answers that are
 * switched inside streams against those of one token a request, decided on by {@link EadSwitch}
 * alone. Ends with status 1 if they differ anywhere but next to a tie.
 *
 * <pre>mvn -q test-compile exec:exec@run -Drun.class=io.tokentropy.gateway.PairRuns
 *   -Drun.args="http://127.0.0.1:18095 http://127.0.0.1:18096 200"</pre>
 */
public final class PairRuns {
  private static final Deadline LATER = Deadline.after(Duration.ofHours(2));
  private static final int VOCABULARY = 2048;
  private static final int LENGTH = 24;

  /**
   * Answers with another cache differ by up to 0.006 nat; decisions nearer than this may differ.
   */
  private static final double TIE = 0.02;

  /** Of all answers, those that may differ next to a tie. */
  private static final double EXCUSED = 0.02;

  /** Connections that may be closed before an answer. */
  private static final int MOST_CUTS = 50;

  private final Map<Model, Engine> engines = new EnumMap<>(Model.class);
  private final Map<String, OneToken> known = new HashMap<>();
  private final Map<String, int[]> prompts = new HashMap<>();
  private int compared;
  private int excused;
  private int wrong;
  private long switches;
  private long redone;
  private long requests;
  private int cuts;

  private PairRuns(String small, String large) {
    engines.put(Model.SMALL, engine("small", small));
    engines.put(Model.LARGE, engine("large", large));
  }

  private static Engine engine(String name, String url) {
    var config =
        new ServerConfig(
            name,
            URI.create(url),
            ServerKind.LLAMACPP,
            name,
            ApiKey.of(name, null, null),
            OptionalInt.of(VOCABULARY),
            new ServerConfig.Times(
                Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(1)),
            8,
            ServerConfig.Cancels.YES,
            new ServerConfig.Prices(
                OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()));
    return Engines.of(new ModelServer(config)).orElseThrow();
  }

  public static void main(String[] args) throws Exception {
    var runs = new PairRuns(args[0], args[1]);
    List<String> prompts = prompts(Integer.parseInt(args[2]));
    runs.compare(prompts);
    System.out.printf(
        Locale.ROOT,
        "%d answers of %d tokens, %d switches, %d tokens written again: %d differ next to a tie, %d"
            + " elsewhere; the reference took %d requests for one token each; %d connections were"
            + " closed before an answer%n",
        runs.compared,
        LENGTH,
        runs.switches,
        runs.redone,
        runs.excused,
        runs.wrong,
        runs.requests,
        runs.cuts);
    runs.time(prompts.subList(0, Math.min(40, prompts.size())));
    boolean fine = runs.wrong == 0 && runs.excused <= EXCUSED * runs.compared;
    System.exit(fine ? 0 : 1);
  }

  /** Beginnings of verses that the models have not seen. */
  private static List<String> prompts(int count) throws Exception {
    Corpus corpus = Corpus.kingJames();
    return corpus.heldBack().stream()
        .filter(verse -> verse.length > 6)
        .limit(count)
        .map(
            verse ->
                Arrays.stream(verse, 0, 3 + verse[0] % 4)
                    .mapToObj(corpus::word)
                    .collect(Collectors.joining(" ")))
        .map(text -> text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1))
        .toList();
  }

  /** One token at a position; null in place of the step where the model ends. */
  private record OneToken(Step step) {
    /** How near the best two are to each other. */
    double margin() {
      var best = step.row().best();
      return best.get(0).lnProb() - best.get(1).lnProb();
    }
  }

  /** What a request for one token brings; equal ones are asked once. */
  private OneToken one(Model model, int[] ids) throws EngineFailed {
    String key = model + Arrays.toString(ids);
    OneToken found = known.get(key);
    if (found == null) {
      requests++;
      var request =
          new StintRequest(ids, OptionalInt.of(1), Sampling.greedy(), OptionalLong.empty());
      found = ask(model, request);
      known.put(key, found);
    }
    return found;
  }

  /** llama.cpp closes a connection now and then, just when a request is on its way. */
  private OneToken ask(Model model, StintRequest request) throws EngineFailed {
    try (Stint stint = engines.get(model).open(request, LATER)) {
      Step step = stint.next();
      if (step != null) {
        // To the end, so that the connection can be used again.
        stint.next();
      }
      return new OneToken(step);
    } catch (EngineFailed e) {
      if (e.fault() != EngineFailed.Fault.CUT || ++cuts > MOST_CUTS) {
        throw e;
      }
      return ask(model, request);
    }
  }

  /** The ids of a prompt, which are the same for both models. */
  private int[] prompt(String text) throws EngineFailed {
    int[] ids = prompts.get(text);
    while (ids == null) {
      try {
        ids = engines.get(Model.SMALL).render(new Prompt.Text(text), LATER);
        prompts.put(text, ids);
      } catch (EngineFailed e) {
        if (e.fault() != EngineFailed.Fault.CUT || ++cuts > MOST_CUTS) {
          throw e;
        }
      }
    }
    return ids;
  }

  /** One decision of the reference, and how near to another it was. */
  private record Decided(EadSwitch.Decision decision, int id, double margin) {
    String told() {
      return decision.model().wire() + " " + id + " " + decision.reason().wire();
    }
  }

  private List<Decided> reference(String prompt, EadConfig config) throws EngineFailed {
    int[] ids = prompt(prompt);
    int end = ids.length + LENGTH;
    var decisions = new ArrayList<Decided>();
    EadState state = EadState.initial(config);
    while (ids.length < end) {
      OneToken token = one(state.model(), ids);
      if (token.step() == null) {
        break;
      }
      Interval entropy = token.step().row().decisiveEntropy();
      EadSwitch.Decision decision = EadSwitch.decide(config, state, new Observation(entropy, null));
      int id = token.step().ids().getFirst();
      double distance =
          decision.smoothed() == null
              ? Double.POSITIVE_INFINITY
              : Math.abs(decision.smoothed().low() - config.threshold().tau());
      decisions.add(new Decided(decision, id, Math.min(distance, token.margin())));
      state = decision.state();
      if (!decision.redo()) {
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = id;
      }
    }
    return decisions;
  }

  private void compare(List<String> prompts) throws Exception {
    int every = 0;
    for (String prompt : prompts) {
      for (double tau : List.of(1.5, 2.5, 3.0, 3.5)) {
        for (Dwell dwell : List.of(new Dwell(0, 0, 0, 0), new Dwell(8, 16, 0, 0))) {
          for (OnEscalate escalate : OnEscalate.values()) {
            int window = every++ % 2 == 0 ? 1 : 5;
            compare(prompt, Questions.ead(tau, window, dwell, escalate));
          }
        }
      }
    }
    System.out.printf(Locale.ROOT, "the reference took %d requests for one token each%n", requests);
  }

  private void compare(String prompt, EadConfig config) throws Exception {
    List<Decided> expected = reference(prompt, config);
    var heard = new Questions.Heard();
    Ended ended = run(prompt, config, heard);
    if (ended.notes().contains("failed:small:cut") || ended.notes().contains("failed:large:cut")) {
      cuts++;
      heard = new Questions.Heard();
      ended = run(prompt, config, heard);
    }
    List<String> told =
        heard.decisions.stream()
            .map(each -> each.model().wire() + " " + each.reason().wire())
            .toList();
    List<Integer> ids =
        expected.stream().filter(each -> !each.decision().redo()).map(Decided::id).toList();
    compared++;
    switches += ended.totals().switches();
    redone += ended.totals().wasted();
    int differs =
        IntStream.range(0, Math.max(told.size(), expected.size()))
            .filter(
                i ->
                    i >= told.size()
                        || i >= expected.size()
                        || !told.get(i)
                            .equals(
                                expected.get(i).decision().model().wire()
                                    + " "
                                    + expected.get(i).decision().reason().wire()))
            .findFirst()
            .orElse(-1);
    if (differs < 0 && heard.ids().equals(ids)) {
      return;
    }
    // Another token shows in the entropy behind it at the latest: the tie is at it or before it.
    int last = differs < 0 ? expected.size() : Math.min(differs + 1, expected.size());
    boolean tie = expected.subList(0, last).stream().anyMatch(each -> each.margin() <= TIE);
    if (tie) {
      excused++;
    } else {
      wrong++;
      System.out.println(
          "\""
              + prompt
              + "\" "
              + config
              + "\n  "
              + heard.ids()
              + " "
              + told
              + "\n  expected "
              + expected.stream().map(Decided::told).toList());
    }
  }

  private Ended run(String prompt, EadConfig config, Listener listener) throws Exception {
    var pair = new Pair(engines.get(Model.SMALL), engines.get(Model.LARGE), 0, true, Thread::sleep);
    return new Switched(pair, Questions.greedy(prompt, LENGTH, config), listener).run().getFirst();
  }

  /**
   * What some answers took.
   *
   * @param likelihood mean ln p of a token under the large model
   */
  private record Took(long tokens, long large, long switches, double seconds, double likelihood) {
    double share() {
      return (double) large / tokens;
    }

    double millis() {
      return 1000 * seconds / tokens;
    }
  }

  /** Speed and likelihood of each model alone, of both, and of a coin of the same share. */
  private void time(List<String> prompts) throws Exception {
    EadConfig smallAlone = Questions.ead(1e9);
    EadConfig largeAlone = Questions.ead(0, 1, new Dwell(0, 0, 0, 0), OnEscalate.NEXT, Model.LARGE);
    took(prompts, smallAlone);
    System.out.printf(
        Locale.ROOT,
        "without the gateway: %.2f ms a token of the small model, %.2f of the large%n",
        bare(prompts, Model.SMALL),
        bare(prompts, Model.LARGE));
    Took small = took(prompts, smallAlone);
    Took large = took(prompts, largeAlone);
    System.out.printf(
        "%n| | large share | switches a 100 tokens | tokens/s | ms a switch | mean ln p under the"
            + " large model | a coin of the same share |%n|---|---|---|---|---|---|---|%n");
    row("small alone", small, Double.NaN, small.likelihood());
    for (double tau : List.of(4.0, 3.5, 3.0, 2.5, 2.0)) {
      Took took = took(prompts, Questions.ead(tau, 5, new Dwell(4, 4, 0, 0), OnEscalate.NEXT));
      double alone =
          (took.large() * large.millis() + (took.tokens() - took.large()) * small.millis()) / 1000;
      row(
          String.format(Locale.ROOT, "threshold %.1f", tau),
          took,
          1000 * (took.seconds() - alone) / took.switches(),
          coin(prompts, took.share()));
    }
    row("large alone", large, Double.NaN, large.likelihood());
    System.out.println();
  }

  private static void row(String name, Took took, double switching, double coin) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.1f | %.0f | %s | %.3f | %.3f |%n",
        name,
        took.share(),
        100.0 * took.switches() / took.tokens(),
        took.tokens() / took.seconds(),
        Double.isNaN(switching) ? "" : String.format(Locale.ROOT, "%.1f", switching),
        took.likelihood(),
        coin);
  }

  private Took took(List<String> prompts, EadConfig config) throws Exception {
    long tokens = 0;
    long large = 0;
    long changes = 0;
    double likelihood = 0;
    long start = System.nanoTime();
    var answers = new ArrayList<List<Integer>>();
    for (String prompt : prompts) {
      var heard = new Questions.Heard();
      Ended ended = run(prompt, config, heard);
      tokens += ended.tokens();
      large += ended.totals().large();
      changes += ended.totals().switches();
      answers.add(heard.ids());
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (int i = 0; i < prompts.size(); i++) {
      likelihood += likelihood(prompts.get(i), answers.get(i));
    }
    return new Took(tokens, large, changes, seconds, likelihood / tokens);
  }

  /** Milliseconds a token of one call, read without deciding anything. */
  private double bare(List<String> prompts, Model model) throws EngineFailed {
    long tokens = 0;
    long start = System.nanoTime();
    for (String prompt : prompts) {
      int[] ids = prompt(prompt);
      var request =
          new StintRequest(ids, OptionalInt.of(LENGTH), Sampling.greedy(), OptionalLong.empty());
      try (Stint stint = engines.get(model).open(request, LATER)) {
        while (stint.next() != null) {
          tokens++;
        }
      }
    }
    return (System.nanoTime() - start) / 1e6 / tokens;
  }

  /** Mean ln p under the large model where a coin says who writes each token; of ten tries. */
  private double coin(List<String> prompts, double share) throws EngineFailed {
    var random = new SplittableRandom(1);
    double likelihood = 0;
    long tokens = 0;
    for (int i = 0; i < 10 * prompts.size(); i++) {
      String prompt = prompts.get(i % prompts.size());
      int[] ids = prompt(prompt);
      var answer = new ArrayList<Integer>();
      while (answer.size() < LENGTH) {
        OneToken token = one(random.nextDouble() < share ? Model.LARGE : Model.SMALL, ids);
        if (token.step() == null) {
          break;
        }
        answer.add(token.step().ids().getFirst());
        ids = Arrays.copyOf(ids, ids.length + 1);
        ids[ids.length - 1] = answer.getLast();
      }
      likelihood += likelihood(prompt, answer);
      tokens += answer.size();
    }
    return likelihood / tokens;
  }

  /**
   * Σ ln p of an answer under the large model; of a token outside its best 20, the most there is.
   */
  private double likelihood(String prompt, List<Integer> answer) throws EngineFailed {
    int[] ids = prompt(prompt);
    double sum = 0;
    for (int id : answer) {
      OneToken token = one(Model.LARGE, ids);
      if (token.step() != null) {
        var row = token.step().row();
        sum +=
            row.best().stream()
                .filter(entry -> Integer.valueOf(id).equals(entry.id()))
                .findFirst()
                .map(entry -> entry.lnProb())
                .orElse(Math.log(Math.min(row.cap(), row.tailMass())));
      }
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = id;
    }
    return sum;
  }
}
