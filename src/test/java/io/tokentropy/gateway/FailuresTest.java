package io.tokentropy.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tokentropy.gateway.MadeUpEngine.Script;
import io.tokentropy.gateway.MadeUpEngine.Trouble;
import io.tokentropy.gateway.Questions.Heard;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.EadConfig.Dwell;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.OnEscalate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of answers when one of two servers, or both, do not do what they should. */
class FailuresTest {
  private static final String PROMPT = "prompt";
  private static final int LENGTH = 60;

  private final MadeUpEngine small = MadeUpEngine.ofWords(1, 60);
  private final MadeUpEngine large = MadeUpEngine.ofWords(2, 60);
  private final Heard heard = new Heard();
  private final List<Duration> pauses = new ArrayList<>();

  private static Script always(Fault fault) {
    return call -> new Trouble(fault, 0);
  }

  private static Script first(int calls, Fault fault, int afterTokens) {
    return call -> call < calls ? new Trouble(fault, afterTokens) : null;
  }

  private Ended run(EadConfig ead) throws Exception {
    return run(ead, true);
  }

  private Ended run(EadConfig ead, boolean carriesOn) throws Exception {
    var pair = new Pair(small, large, 0, carriesOn, pauses::add);
    return new Switched(pair, Questions.greedy(PROMPT, LENGTH, ead), heard).run().getFirst();
  }

  private GatewayFailed failed(EadConfig ead, boolean carriesOn) {
    return catchThrowableOfType(GatewayFailed.class, () -> run(ead, carriesOn));
  }

  /** Every token that was told is what its writer writes behind those before it. */
  private void requireRightTokens() {
    int[] ids = small.ids(PROMPT);
    List<Integer> told = heard.ids();
    for (int i = 0; i < told.size(); i++) {
      double[] row = (heard.writers().get(i) == Model.SMALL ? small : large).row(ids);
      int best = IntStream.range(0, row.length).reduce(0, (a, b) -> row[b] > row[a] ? b : a);
      assertThat(told.get(i)).as("token " + i).isEqualTo(best);
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = best;
    }
  }

  @Test
  void withTheLargeModelDownTheSmallOneWritesAlone() throws Exception {
    large.script = always(Fault.UNREACHABLE);
    Ended ended = run(Questions.ead(0));
    assertThat(heard.writers()).hasSize(ended.tokens()).containsOnly(Model.SMALL);
    assertThat(ended.notes())
        .containsExactly("failed:large:unreachable", "fallback", "large_unavailable");
    assertThat(large.requests()).as("twice at token 1, twice at token 33").hasSize(4);
    assertThat(large.requests())
        .extracting(call -> call.ids().length - 6)
        .containsExactly(1, 1, 33, 33);
    assertThat(small.requests())
        .extracting(call -> call.ids().length - 6)
        .containsExactly(0, 1, 33);
    assertThat(pauses).hasSize(2).allMatch(pause -> pause.toMillis() <= 200);
    requireRightTokens();
  }

  @Test
  void withTheSmallModelDownTheLargeOneWritesAlone() throws Exception {
    small.script = always(Fault.UNREACHABLE);
    Ended ended = run(Questions.ead(1e9));
    assertThat(heard.writers()).hasSize(ended.tokens()).containsOnly(Model.LARGE);
    assertThat(ended.notes())
        .containsExactly("failed:small:unreachable", "fallback", "small_unavailable");
    assertThat(ended.totals().largeFraction()).isEqualTo(1);
    requireRightTokens();
  }

  @Test
  void withBothDownTheFirstFailureIsTold() {
    small.script = always(Fault.BUSY);
    large.script = always(Fault.UNREACHABLE);
    GatewayFailed failed = failed(Questions.ead(1), true);
    assertThat(failed.model()).isEqualTo(Model.SMALL);
    assertThat(failed.first().fault()).isEqualTo(Fault.BUSY);
    assertThat(failed.notes()).contains("failed:small:busy", "failed:large:unreachable");
    assertThat(small.requests()).hasSize(2);
    assertThat(large.requests()).hasSize(2);
    assertThat(heard.ids()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"SLOW_START", "REJECTED", "CUT", "IDLE", "MALFORMED"})
  void aCallThatMayHaveBeenPaidForIsNotRepeated(Fault fault) throws Exception {
    small.script = first(1, fault, 0);
    Ended ended = run(Questions.ead(1e9));
    assertThat(pauses).isEmpty();
    assertThat(small.requests()).as("the first, and once more after 32 tokens").hasSize(2);
    assertThat(small.requests().getLast().ids()).hasSize(6 + 32);
    assertThat(large.requests()).hasSize(1);
    assertThat(ended.notes()).contains("failed:small:" + fault.wire(), "fallback");
    requireRightTokens();
  }

  @Test
  void aServerThatIsBusyIsAskedOnceMoreAfterASecondAtMost() throws Exception {
    small.script = first(1, Fault.BUSY, 0);
    Ended ended = run(Questions.ead(1e9));
    assertThat(heard.writers()).containsOnly(Model.SMALL);
    assertThat(small.requests()).hasSize(2);
    assertThat(large.requests()).isEmpty();
    assertThat(ended.notes()).isEmpty();
    assertThat(pauses).hasSize(1);
  }

  @Test
  void aCutGoesOnBehindTheLastTokenThatCame() throws Exception {
    small.script = first(1, Fault.CUT, 7);
    Ended ended = run(Questions.ead(1e9));
    assertThat(heard.writers().subList(0, 7)).containsOnly(Model.SMALL);
    assertThat(heard.writers().subList(7, 7 + 32)).containsOnly(Model.LARGE);
    assertThat(heard.writers().subList(7 + 32, ended.tokens())).containsOnly(Model.SMALL);
    assertThat(ended.totals().switches()).isEqualTo(2);
    assertThat(ended.stretches())
        .extracting(Ended.Stretch::reason)
        .containsExactly("cut", "deescalate", ended.finish().wire());
    requireRightTokens();
  }

  @Test
  void twoCutsAreOneTooMany() {
    small.script = first(1, Fault.CUT, 7);
    large.script = first(1, Fault.IDLE, 7);
    GatewayFailed failed = failed(Questions.ead(1e9), true);
    assertThat(failed.model()).isEqualTo(Model.SMALL);
    assertThat(failed.first().fault()).isEqualTo(Fault.CUT);
    assertThat(heard.ids()).hasSize(14);
    assertThat(small.open.get() + large.open.get()).isZero();
  }

  @Test
  void aPairThatDoesNotCarryOnFailsAtOnce() {
    small.script = first(1, Fault.CUT, 7);
    assertThat(failed(Questions.ead(1e9), false).first().fault()).isEqualTo(Fault.CUT);
    assertThat(large.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_LOGPROBS", "DEADLINE", "CLOSED"})
  void whatTheOtherModelCannotMendFails(Fault fault) {
    small.script = first(1, fault, 0);
    assertThat(failed(Questions.ead(1e9), true).first().fault()).isEqualTo(fault);
    assertThat(large.requests()).isEmpty();
  }

  @Test
  void aTokenThatWasToBeWrittenAgainStaysIfTheLargeModelIsDown() throws Exception {
    var redo = Questions.ead(0, 1, new Dwell(0, 0, 0, 0), OnEscalate.REDO);
    large.script = always(Fault.UNREACHABLE);
    Ended ended = run(redo);
    assertThat(heard.writers()).hasSize(ended.tokens()).containsOnly(Model.SMALL);
    assertThat(ended.totals().wasted()).isZero();
    assertThat(large.requests())
        .extracting(call -> call.ids().length - 6)
        .containsExactly(0, 0, 33, 33);
    requireRightTokens();
  }

  @Test
  void aPromptThatCannotBeRenderedIsAFailureOfItsServer() throws Exception {
    large.rendering = always(Fault.UNREACHABLE);
    Ended ended = run(Questions.ead(0));
    assertThat(heard.writers()).containsOnly(Model.SMALL);
    assertThat(ended.notes()).contains("failed:large:unreachable");
    assertThat(large.requests()).isEmpty();
  }

  @Test
  void aLimitOfOursIsNoReasonToAskTwice() throws Exception {
    large.script = always(Fault.DENIED);
    Ended ended = run(Questions.ead(0));
    assertThat(heard.writers()).containsOnly(Model.SMALL);
    assertThat(ended.notes()).contains("failed:large:denied");
    assertThat(pauses).isEmpty();
  }

  @Test
  void whoCancelsClosesWhatIsUnderWay() throws Exception {
    var started = new CountDownLatch(1);
    var pair = Questions.pair(small, large);
    var switched = new Switched[1];
    var listener =
        new Heard() {
          @Override
          public synchronized void wrote(int choice, Piece piece) {
            super.wrote(choice, piece);
            if (ids().size() == 5) {
              switched[0].cancel();
              started.countDown();
            }
          }
        };
    switched[0] =
        new Switched(pair, Questions.greedy(PROMPT, LENGTH, Questions.ead(1e9)), listener);
    assertThatThrownBy(switched[0]::run)
        .isInstanceOfSatisfying(
            GatewayFailed.class, e -> assertThat(e.first().fault()).isEqualTo(Fault.CLOSED));
    assertThat(listener.ids()).hasSize(5);
    assertThat(small.open.get()).isZero();
    assertThat(large.requests()).isEmpty();
  }

  @Test
  void aListenerThatThrowsEndsTheQuestion() {
    var listener =
        new Heard() {
          @Override
          public synchronized void wrote(int choice, Piece piece) {
            throw new IllegalArgumentException("gone");
          }
        };
    var pair = Questions.pair(small, large);
    assertThatThrownBy(
            () ->
                new Switched(pair, Questions.greedy(PROMPT, LENGTH, Questions.ead(1)), listener)
                    .run())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(small.open.get() + large.open.get()).isZero();
  }

  static LongStream seeds() {
    return LongStream.range(0, 2000);
  }

  private static Script random(long seed) {
    Fault[] faults = {
      Fault.UNREACHABLE,
      Fault.BUSY,
      Fault.DENIED,
      Fault.REJECTED,
      Fault.SLOW_START,
      Fault.IDLE,
      Fault.CUT,
      Fault.MALFORMED
    };
    return call -> {
      var random = new SplittableRandom(seed * 1000 + call);
      return random.nextInt(4) > 0
          ? null
          : new Trouble(
              faults[random.nextInt(faults.length)],
              random.nextBoolean() ? 0 : random.nextInt(1, 20));
    };
  }

  /** Whatever fails, and whenever: nothing is lost, nothing doubled, and every call is counted. */
  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostOrDoubled(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    small.script = random(2 * seed);
    large.script = random(2 * seed + 1);
    if (seed % 5 == 0) {
      small.rendering = random(3 * seed + 1_000_000);
      large.rendering = random(3 * seed + 2_000_000);
    }
    EadConfig ead =
        Questions.ead(
            random.nextDouble(2),
            random.nextInt(1, 4),
            random.nextBoolean() ? new Dwell(0, 0, 0, 0) : new Dwell(3, 4, 0, 0),
            random.nextBoolean() ? OnEscalate.NEXT : OnEscalate.REDO,
            random.nextInt(4) == 0 ? Model.LARGE : Model.SMALL);
    var pair = new Pair(small, large, random.nextInt(3) == 0 ? 6 : 0, true, pauses::add);
    String stop = random.nextInt(3) == 0 ? "c0" : "never";
    try {
      Ended ended =
          new Switched(pair, Questions.greedy(PROMPT, LENGTH, ead, stop), heard).run().getFirst();
      assertThat(heard.ids()).hasSize(ended.tokens());
      assertThat(ended.totals().kept()).isEqualTo(ended.tokens());
      assertThat(ended.totals().large())
          .isEqualTo(heard.writers().stream().filter(m -> m == Model.LARGE).count());
      assertThat(ended.stretches().stream().mapToInt(Ended.Stretch::tokens).sum())
          .isEqualTo(ended.tokens());
      assertThat(requests(ended, Model.SMALL)).isEqualTo(small.requests().size());
      assertThat(requests(ended, Model.LARGE)).isEqualTo(large.requests().size());
      assertThat(ended.notes().contains("fallback")).isEqualTo(!heard.failures.isEmpty());
    } catch (GatewayFailed e) {
      assertThat(e.first()).isSameAs(heard.failures.getFirst());
    }
    requireRightTokens();
    assertThat(heard.text()).doesNotContain(stop);
    assertThat(small.open.get() + large.open.get()).isZero();
    assertThat(pauses.size())
        .isLessThanOrEqualTo(small.requests().size() + large.requests().size() + 4);
  }

  private static int requests(Ended ended, Model model) {
    return ended.paid().getOrDefault(model, Ended.Paid.NOTHING).requests();
  }
}
