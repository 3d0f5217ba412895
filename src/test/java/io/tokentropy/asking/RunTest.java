package io.tokentropy.asking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.asking.Call.Purpose;
import io.tokentropy.asking.CallLedger.Budget;
import io.tokentropy.asking.Job.Given;
import io.tokentropy.asking.Job.Written;
import io.tokentropy.asking.Prompt.Origin;
import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.asking.Reply.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
  private static final Budget AMPLE = new Budget(1000, 10_000_000);
  private static final String QUESTION = "Who wrote the letter to the Romans?";
  private static final String WORDINGS =
      "[\"1?\", \"2?\", \"3?\", \"4?\", \"5?\", \"6?\", \"7?\", \"8?\", \"9?\"]";

  static Sampling sampling(int maxTokens) {
    return new Sampling(0.7, OptionalDouble.empty(), maxTokens, List.of(), OptionalLong.of(5));
  }

  private static Job job(boolean written, int count, int each, int rounds) {
    Sampling sampling = sampling(64);
    return new Job(
        Talk.of(QUESTION, ""),
        written
            ? new Written(count, Job.writing(QUESTION, count, sampling))
            : new Given(
                IntStream.range(0, count)
                    .mapToObj(i -> Prompt.of("Wording " + i + "?", Origin.CALLER))
                    .toList()),
        each,
        IntStream.range(0, rounds).mapToObj(i -> sampling.at(0.3 + i)).toList(),
        false,
        1000);
  }

  private static Outcome run(Job job, Answerer model, CallLedger ledger) {
    return run(job, model, ledger, 8, Observer.NONE);
  }

  private static Outcome run(
      Job job, Answerer model, CallLedger ledger, int parallel, Observer observer) {
    try {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
      return Run.of(job, model, model, ledger, parallel, end, observer);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes wordings when it is asked for them, and answers otherwise. */
  private static Reply usual(Call call) {
    return ScriptedAnswerer.reply(call, call.purpose() == Purpose.PERTURB ? WORDINGS : "Paul");
  }

  @ParameterizedTest
  @CsvSource({
    // written, perturbations, answers each, rounds, choices a call, calls
    "true,  9, 5, 1, 8, 11",
    "true,  9, 5, 1, 1, 51",
    "false, 9, 5, 1, 5, 10",
    "false, 9, 5, 1, 1, 50",
    "false, 9, 5, 1, 2, 30",
    "false, 2, 1, 1, 1, 3",
    "true,  9, 5, 3, 5, 31"
  })
  void thePlanIsWhatIsCalled(
      boolean written, int count, int each, int rounds, int most, int calls) {
    Job job = job(written, count, each, rounds);
    var model = new ScriptedAnswerer(most, (call, number) -> usual(call));
    var ledger = new CallLedger(AMPLE);
    Plan plan = Plan.of(job, most);
    Outcome outcome = run(job, model, ledger);
    assertThat(plan.calls()).isEqualTo(calls);
    assertThat(model.calls()).hasSize(calls);
    assertThat(model.calls(Purpose.PERTURB)).hasSize(plan.perturbing());
    assertThat(ledger.calls()).isEqualTo(calls);
    assertThat(ledger.charged()).isLessThanOrEqualTo(plan.tokens());
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.notes()).isEmpty();
    assertThat(outcome.answers()).hasSize(rounds);
    assertThat(outcome.answers().getFirst()).hasSize(1 + count);
    assertThat(outcome.answers()).allSatisfy(r -> assertThat(r).allMatch(l -> l.size() == each));
  }

  /** With wordings that are given, the bound is met to the token by a server that uses it up. */
  @Test
  void thePlanBoundsTheTokens() {
    Job job = job(false, 3, 5, 2);
    var ledger = new CallLedger(AMPLE);
    run(job, new ScriptedAnswerer(2, (call, number) -> usual(call)), ledger);
    assertThat(ledger.charged()).isEqualTo(Plan.of(job, 2).tokens());
  }

  @Test
  void aPlanThatFitsExactlyIsCarriedOut() {
    Job job = job(false, 3, 5, 1);
    Plan plan = Plan.of(job, 5);
    var budget = new Budget(plan.calls(), plan.tokens());
    assertThat(plan.isWithin(budget)).isTrue();
    assertThat(plan.isWithin(new Budget(plan.calls() - 1, plan.tokens()))).isFalse();
    assertThat(plan.isWithin(new Budget(plan.calls(), plan.tokens() - 1))).isFalse();
    var model = new ScriptedAnswerer(5, (call, number) -> usual(call));
    assertThat(run(job, model, new CallLedger(budget)).complete()).isTrue();
  }

  /** Failures of all kinds, short and odd replies, small budgets: none is ever exceeded. */
  @Test
  void theLedgerIsNeverExceededInAThousandRandomFailureScripts() {
    int unaffordable = 0;
    int complete = 0;
    for (int seed = 0; seed < 1000; seed++) {
      var random = new SplittableRandom(seed);
      Job job =
          job(
              random.nextBoolean(),
              2 + random.nextInt(8),
              1 + random.nextInt(6),
              1 + random.nextInt(3));
      int most = 1 + random.nextInt(6);
      Plan plan = Plan.of(job, most);
      var budget =
          new Budget(1 + random.nextInt(2 * plan.calls()), 1 + random.nextLong(2 * plan.tokens()));
      double luck = random.nextDouble();
      var truly = new AtomicLong();
      long scripts = random.nextLong();
      var model =
          new ScriptedAnswerer(most, (call, number) -> script(call, scripts + number, luck, truly));
      var ledger = new CallLedger(budget);
      int parallel = 1 + random.nextInt(8);
      Outcome outcome = run(job, model, ledger, parallel, Observer.NONE);
      String as = "seed " + seed;
      assertThat(model.calls().size()).as(as).isLessThanOrEqualTo(budget.calls());
      assertThat(ledger.calls()).as(as).isEqualTo(model.calls().size());
      assertThat(truly.get()).as(as).isLessThanOrEqualTo(ledger.charged());
      assertThat(ledger.charged()).as(as).isLessThanOrEqualTo(budget.tokens());
      assertThat(model.mostRunning()).as(as).isLessThanOrEqualTo(parallel);
      assertThat(model.running()).as(as).isZero();
      unaffordable +=
          outcome.notes().stream().anyMatch(note -> note.code().equals("budget_reached")) ? 1 : 0;
      complete += outcome.complete() ? 1 : 0;
    }
    assertThat(unaffordable).isGreaterThan(100);
    assertThat(complete).isGreaterThan(20);
  }

  /** What a server may do to a call; {@code truly} counts what it took, said or not. */
  private static Reply script(Call call, long seed, double luck, AtomicLong truly)
      throws CallFailed {
    var random = new SplittableRandom(seed);
    Reply whole = usual(call);
    Usage usage = whole.usage();
    if (random.nextDouble() < luck) {
      truly.addAndGet(usage.prompt() + usage.completion());
      return whole;
    }
    long written = random.nextLong(usage.completion() + 1);
    return switch (random.nextInt(6)) {
      case 0 -> throw new CallFailed("cannot be reached", true, null);
      case 1 -> {
        truly.addAndGet(usage.prompt() + written);
        throw new CallFailed("broke off", false, null);
      }
      case 2 -> {
        truly.addAndGet(usage.prompt() + usage.completion());
        yield new Reply(whole.choices(), null, null, null, OptionalDouble.empty());
      }
      case 3 -> {
        truly.addAndGet(usage.prompt() + written);
        yield new Reply(
            whole.choices().subList(0, random.nextInt(whole.choices().size() + 1)),
            new Usage(usage.prompt(), 0, written),
            null,
            null,
            OptionalDouble.empty());
      }
      case 4 -> {
        truly.addAndGet(usage.prompt());
        yield new Reply(
            List.of(Choice.of(" ")),
            new Usage(usage.prompt(), 0, 0),
            null,
            "fingerprint",
            OptionalDouble.empty());
      }
      default -> {
        truly.addAndGet(usage.prompt() + written);
        var many = new ArrayList<>(whole.choices());
        many.addAll(whole.choices());
        yield new Reply(
            many, new Usage(usage.prompt(), 0, written), "other", null, OptionalDouble.empty());
      }
    };
  }

  /** A server that says it took more than it may: nothing is sent that could add to it. */
  @Test
  void aServerThatOverdrawsIsAskedNoMore() {
    Job job = job(false, 3, 5, 1);
    Plan plan = Plan.of(job, 5);
    var model =
        new ScriptedAnswerer(
            5,
            (call, number) ->
                new Reply(
                    usual(call).choices(),
                    new Usage(1_000_000, 0, 5),
                    null,
                    null,
                    OptionalDouble.empty()));
    Outcome outcome =
        run(job, model, new CallLedger(new Budget(100, plan.tokens())), 1, Observer.NONE);
    assertThat(model.calls()).hasSize(1);
    assertThat(outcome.notes()).extracting(Outcome.Note::code).contains("budget_reached");
  }

  @Test
  void cancellingMidWayLeavesNoCallRunning() throws InterruptedException {
    Job job = job(true, 9, 5, 1);
    var under = new CountDownLatch(4);
    var never = new CountDownLatch(1);
    var model =
        new ScriptedAnswerer(
            1,
            (call, number) -> {
              if (number > 10) {
                under.countDown();
                never.await();
              }
              return usual(call);
            });
    var ledger = new CallLedger(AMPLE);
    var ends = new ArrayList<Observer.End>();
    Observer observer =
        new Observer() {
          @Override
          public void call(Purpose purpose, End end) {
            ends.add(end);
          }
        };
    var thrown = new AtomicReference<Throwable>();
    Thread runs =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
                    Run.of(job, model, model, ledger, 4, end, observer);
                  } catch (InterruptedException e) {
                    thrown.set(e);
                  }
                });
    under.await();
    runs.interrupt();
    runs.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(model.running()).isZero();
    assertThat(model.interrupted()).isEqualTo(4);
    assertThat(model.calls()).hasSize(15);
    assertThat(ledger.calls()).isEqualTo(15);
    assertThat(ends).filteredOn(end -> end == Observer.End.CANCELLED).hasSize(4);
    assertThat(ends).hasSize(15);
  }

  @Test
  void whenTimeIsUpWhatIsThereIsKept() throws InterruptedException {
    Job job = job(false, 2, 3, 1);
    var never = new CountDownLatch(1);
    var model =
        new ScriptedAnswerer(
            1,
            (call, number) -> {
              if (number == 4) {
                never.await();
              }
              return usual(call);
            });
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    Outcome outcome = Run.of(job, model, model, new CallLedger(AMPLE), 1, end, Observer.NONE);
    assertThat(model.running()).isZero();
    assertThat(outcome.complete()).isFalse();
    assertThat(outcome.answers().getFirst()).extracting(List::size).containsExactly(2, 1, 1);
    assertThat(outcome.answered(1)).containsExactly(0, 1, 2);
    assertThat(outcome.answered(2)).containsExactly(0);
    assertThat(outcome.notes())
        .extracting(Outcome.Note::code)
        .containsExactly("fewer_answers", "deadline_reached");
  }

  @Test
  void everyWordingIsAskedOnceBeforeAnyIsAskedAgain() {
    var model = new ScriptedAnswerer(1, (call, number) -> usual(call));
    run(job(false, 3, 2, 2), model, new CallLedger(AMPLE), 1, Observer.NONE);
    assertThat(model.calls())
        .extracting(
            call -> call.messages().getLast().content() + " " + call.sampling().temperature())
        .startsWith(
            QUESTION + " 0.3",
            "Wording 0? 0.3",
            "Wording 1? 0.3",
            "Wording 2? 0.3",
            QUESTION + " 1.3",
            "Wording 0? 1.3")
        .hasSize(16);
    assertThat(model.calls()).extracting(call -> call.sampling().seed()).doesNotHaveDuplicates();
  }

  @Test
  void theSameSeedSendsTheSameSeeds() {
    var first = new ScriptedAnswerer(5, (call, number) -> usual(call));
    var second = new ScriptedAnswerer(5, (call, number) -> usual(call));
    run(job(false, 3, 5, 1), first, new CallLedger(AMPLE), 1, Observer.NONE);
    run(job(false, 3, 5, 1), second, new CallLedger(AMPLE), 1, Observer.NONE);
    assertThat(first.calls()).isEqualTo(second.calls());
  }

  @Test
  void missingWordingsAreAskedForOnce() {
    var model =
        new ScriptedAnswerer(
            5,
            (call, number) ->
                call.purpose() == Purpose.PERTURB
                    ? ScriptedAnswerer.reply(call, number == 0 ? "1. A?\n2. B?" : "[\"C?\"]")
                    : usual(call));
    Outcome outcome = run(job(true, 9, 5, 1), model, new CallLedger(AMPLE));
    assertThat(model.calls(Purpose.PERTURB)).hasSize(2);
    assertThat(outcome.prompts())
        .extracting(Prompt::text)
        .containsExactly(QUESTION, "A?", "B?", "C?");
    assertThat(outcome.notes())
        .extracting(Outcome.Note::code)
        .containsExactly("fewer_perturbations");
    assertThat(outcome.complete()).isFalse();
  }

  @Test
  void withoutWordingsNothingIsAnswered() {
    var model = new ScriptedAnswerer(5, (call, number) -> ScriptedAnswerer.reply(call, QUESTION));
    Outcome outcome = run(job(true, 9, 5, 1), model, new CallLedger(AMPLE));
    assertThat(model.calls(Purpose.ANSWER)).isEmpty();
    assertThat(outcome.prompts()).hasSize(1);
    assertThat(outcome.answered(1)).isEmpty();
    assertThat(outcome.complete()).isFalse();
  }

  /** A server may bring fewer answers than it was asked for; the rest is asked for again. */
  @Test
  void answersThatDidNotComeAreAskedFor() {
    var model =
        new ScriptedAnswerer(
            5,
            (call, number) ->
                new Reply(
                    List.of(Choice.of("Paul")),
                    new Usage(9, 0, 2),
                    null,
                    null,
                    OptionalDouble.empty()));
    Outcome outcome = run(job(false, 2, 3, 1), model, new CallLedger(AMPLE));
    assertThat(outcome.complete()).isTrue();
    assertThat(model.calls()).hasSize(9);
  }

  @Test
  void aCallThatWasNotAnsweredIsMadeOnceMore() {
    var model =
        new ScriptedAnswerer(
            5,
            (call, number) -> {
              if (number == 0) {
                throw new CallFailed("cannot be reached", true, null);
              }
              return usual(call);
            });
    Outcome outcome = run(job(false, 2, 5, 1), model, new CallLedger(AMPLE), 1, Observer.NONE);
    assertThat(model.calls()).hasSize(4);
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.notes()).extracting(Outcome.Note::code).containsExactly("failed_calls");
  }

  @Test
  void aFaultIsNoFailureOfTheUpstream() {
    var model =
        new ScriptedAnswerer(
            5,
            (call, number) -> {
              throw new IllegalArgumentException("a bug");
            });
    assertThatThrownBy(() -> run(job(false, 2, 5, 1), model, new CallLedger(AMPLE)))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("a bug");
    assertThat(model.running()).isZero();
  }
}
