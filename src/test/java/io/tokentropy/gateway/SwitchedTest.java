package io.tokentropy.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.gateway.Ended.Finish;
import io.tokentropy.gateway.Questions.Heard;
import io.tokentropy.gateway.engine.Deadline;
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
import io.tokentropy.switching.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that two made-up models write together. */
class SwitchedTest {
  private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));
  private static final int LENGTH = 48;

  private final MadeUpEngine small = MadeUpEngine.ofWords(1, 60);
  private final MadeUpEngine large = MadeUpEngine.ofWords(2, 60);

  /** What one token a request and the rules alone make of a question. */
  private record Reference(
      List<Integer> ids,
      List<Model> writers,
      List<Reason> reasons,
      int wasted,
      int switches,
      Finish finish) {

    static Reference of(Pair pair, String prompt, int maxTokens, EadConfig config)
        throws Exception {
      var ids = new ArrayList<Integer>();
      var writers = new ArrayList<Model>();
      var reasons = new ArrayList<Reason>();
      EadState state = EadState.initial(config);
      int wasted = 0;
      int switches = 0;
      Finish finish = Finish.LENGTH;
      while (ids.size() < maxTokens) {
        Model model = state.model();
        int[] rendered = pair.engine(model).render(new Prompt.Text(prompt), LATER);
        int[] all =
            IntStream.concat(Arrays.stream(rendered), ids.stream().mapToInt(i -> i)).toArray();
        var one = new StintRequest(all, OptionalInt.of(1), Sampling.greedy(), OptionalLong.empty());
        try (Stint stint = pair.engine(model).open(one, LATER)) {
          Step step = stint.next();
          if (step == null) {
            finish = Finish.STOP;
            break;
          }
          var seen = new Observation(step.row().decisiveEntropy(), null);
          EadSwitch.Decision decision = EadSwitch.decide(config, state, seen);
          reasons.add(decision.reason());
          state = decision.state();
          wasted += decision.redo() ? 1 : 0;
          if (!decision.redo()) {
            ids.addAll(step.ids());
            writers.add(model);
          }
          if (decision.next() != model && ids.size() < maxTokens) {
            switches++;
          }
        }
      }
      return new Reference(ids, writers, reasons, wasted, switches, finish);
    }
  }

  /** 200 prompts, and for each of them every threshold, dwell, window and kind of escalation. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.8, 1.2, 1e9})
  void theyAreThoseOfOneTokenARequest(double tau) throws Exception {
    int runs = 0;
    int switches = 0;
    int redone = 0;
    for (int i = 0; i < 200; i++) {
      String prompt = "prompt " + i;
      for (Dwell dwell : List.of(new Dwell(0, 0, 0, 0), new Dwell(8, 16, 0, 0))) {
        for (OnEscalate escalate : OnEscalate.values()) {
          for (int window : List.of(1, 5)) {
            EadConfig ead = Questions.ead(tau, window, dwell, escalate);
            Reference expected = Reference.of(Questions.pair(small, large), prompt, LENGTH, ead);
            var pair = new Pair(small, large, i % 3 == 0 ? 5 : 0, true, time -> {});
            var heard = new Heard();
            Ended ended =
                new Switched(pair, Questions.greedy(prompt, LENGTH, ead), heard).run().getFirst();
            assertThat(heard.ids()).isEqualTo(expected.ids());
            assertThat(heard.writers()).isEqualTo(expected.writers());
            assertThat(heard.decisions)
                .extracting(EadSwitch.Decision::reason)
                .isEqualTo(expected.reasons());
            assertThat(ended.finish()).isEqualTo(expected.finish());
            assertThat(ended.totals().wasted()).isEqualTo(expected.wasted());
            assertThat(ended.totals().switches()).isEqualTo(expected.switches());
            assertThat(ended.tokens()).isEqualTo(expected.ids().size());
            assertThat(ended.notes()).isEmpty();
            runs++;
            switches += expected.switches();
            redone += expected.wasted();
          }
        }
      }
    }
    assertThat(runs).isEqualTo(1600);
    if (tau > 0 && tau < 10) {
      assertThat(switches).isGreaterThan(runs);
      assertThat(redone).isGreaterThan(200);
    }
    assertThat(small.open.get() + large.open.get()).isZero();
  }

  @Test
  void aThresholdThatIsNeverReachedIsTheSmallModelAlone() throws Exception {
    var heard = new Heard();
    new Switched(Questions.pair(small, large), Questions.greedy("p", 30, Questions.ead(1e9)), heard)
        .run();
    assertThat(heard.writers()).containsOnly(Model.SMALL);
    assertThat(small.requests()).hasSize(1);
    assertThat(large.requests()).isEmpty();
    assertThat(small.requests().getFirst().maxTokens()).hasValue(30);
  }

  @Test
  void aCallAsksForTheRestBehindAllThatIsKept() throws Exception {
    var heard = new Heard();
    Ended ended =
        new Switched(
                Questions.pair(small, large),
                Questions.greedy("rest", 40, Questions.ead(0.9)),
                heard)
            .run()
            .getFirst();
    assertThat(ended.stretches()).hasSizeGreaterThan(2);
    var all = new ArrayList<StintRequest>(small.requests());
    all.addAll(large.requests());
    for (StintRequest request : all) {
      int kept = request.ids().length - 4;
      assertThat(request.maxTokens()).hasValue(40 - kept);
      assertThat(Arrays.stream(request.ids()).skip(4).boxed())
          .containsExactlyElementsOf(heard.ids().subList(0, kept));
    }
    assertThat(ended.stretches().stream().mapToInt(Ended.Stretch::tokens).sum())
        .isEqualTo(ended.tokens());
    assertThat(ended.stretches().stream().mapToInt(Ended.Stretch::start)).contains(0).isSorted();
    assertThat(ended.paid().get(Model.SMALL).requests()).isEqualTo(small.requests().size());
    assertThat(ended.paid().get(Model.LARGE).requests()).isEqualTo(large.requests().size());
    assertThat(small.renders.get()).isEqualTo(1);
    assertThat(large.renders.get()).isEqualTo(1);
  }

  private static Question sampled(int choices, OptionalLong seed) {
    return new Question(
        new Prompt.Text("drawn"),
        OptionalInt.of(LENGTH),
        new Sampling(
            OptionalDouble.of(1),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            java.util.Map.of(),
            List.of()),
        new StopStrings(List.of()),
        choices,
        seed,
        Questions.ead(0.9),
        LATER);
  }

  @Test
  void severalAnswersAreSeveralQuestionsWithSeedsOfTheirOwn() throws Exception {
    var four = new Heard();
    new Switched(Questions.pair(small, large), sampled(4, OptionalLong.of(7)), four).run();
    var again = new Heard();
    new Switched(Questions.pair(small, large), sampled(4, OptionalLong.of(7)), again).run();
    var alone = new Heard();
    new Switched(Questions.pair(small, large), sampled(1, OptionalLong.of(7)), alone).run();
    for (int i = 0; i < 4; i++) {
      assertThat(again.ids(i)).isEqualTo(four.ids(i));
    }
    assertThat(alone.ids(0)).isEqualTo(four.ids(0));
    assertThat(Set.copyOf(four.pieces.keySet().stream().map(four::ids).toList())).hasSize(4);
    assertThat(four.ended).hasSize(4);
  }

  @Test
  void everyCallHasASeedOfItsOwn() throws Exception {
    new Switched(Questions.pair(small, large), sampled(3, OptionalLong.of(7)), new Heard()).run();
    var seeds = new ArrayList<Long>();
    small.requests().forEach(request -> seeds.add(request.seed().orElseThrow()));
    large.requests().forEach(request -> seeds.add(request.seed().orElseThrow()));
    assertThat(seeds).hasSizeGreaterThan(6).doesNotHaveDuplicates();
    assertThat(seeds).allMatch(seed -> seed >= 0 && seed < 1L << 31);
    assertThat(Choice.seed(7, 0, 0)).isNotEqualTo(Choice.seed(8, 0, 0));
  }

  /** A character that is not complete holds the switch, and its text comes whole. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aSwitchWaitsForTheEndOfACharacter(int seed) throws Exception {
    MadeUpEngine first = MadeUpEngine.ofParts(seed, 60);
    MadeUpEngine second = MadeUpEngine.ofParts(seed + 100, 60);
    int held = 0;
    for (int i = 0; i < 100; i++) {
      for (OnEscalate escalate : OnEscalate.values()) {
        var heard = new Heard();
        EadConfig ead = Questions.ead(0.9, 1, new Dwell(0, 0, 0, 0), escalate);
        Ended ended =
            new Switched(
                    Questions.pair(first, second), Questions.greedy("q" + i, LENGTH, ead), heard)
                .run()
                .getFirst();
        held += ended.notes().contains("boundary_held") ? 1 : 0;
        List<Piece> pieces = heard.pieces.getOrDefault(0, List.of());
        for (int p = 1; p < pieces.size(); p++) {
          if (pieces.get(p).writer() != pieces.get(p - 1).writer()) {
            assertThat(pieces.get(p - 1).step().boundary()).isTrue();
          }
        }
      }
    }
    assertThat(held).isGreaterThan(20);
  }

  @Test
  void anIdThatTheOtherModelDoesNotKnowHoldsTheSwitch() throws Exception {
    MadeUpEngine larger = MadeUpEngine.ofWords(1, 80);
    MadeUpEngine smaller = MadeUpEngine.ofWords(2, 40);
    var held = new HashSet<String>();
    for (int i = 0; i < 50; i++) {
      var heard = new Heard();
      Ended ended =
          new Switched(
                  Questions.pair(larger, smaller),
                  Questions.greedy("v" + i % 10 + i, LENGTH, Questions.ead(0.9)),
                  heard)
              .run()
              .getFirst();
      held.addAll(ended.notes());
    }
    assertThat(held).containsExactly("vocabulary_held");
    assertThat(smaller.requests())
        .isNotEmpty()
        .allSatisfy(
            request -> assertThat(Arrays.stream(request.ids()).skip(3)).allMatch(id -> id < 40));
  }
}
