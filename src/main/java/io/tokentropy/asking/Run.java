package io.tokentropy.asking;

import io.tokentropy.asking.Call.Purpose;
import io.tokentropy.asking.CallLedger.Entry;
import io.tokentropy.asking.Observer.End;
import io.tokentropy.asking.Outcome.Note;
import io.tokentropy.asking.Prompt.Origin;
import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.distribution.SplitMix64;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way. One thread decides what is asked next and keeps the ledger; each call waits in
 * a thread of its own. Whatever happens, no call is left running when the job ends.
 */
public final class Run {
  /** Every server takes seeds of 31 bits. */
  private static final long SEEDS = 1L << 31;

  private final Job job;
  private final Answerer answerer;
  private final Answerer paraphraser;
  private final CallLedger ledger;
  private final int parallel;
  private final Observer observer;

  private final Deque<Task> pending = new ArrayDeque<>();
  private final Set<Flight> flying = new LinkedHashSet<>();
  private final BlockingQueue<Flight> landed = new LinkedBlockingQueue<>();

  private final List<Prompt> prompts = new ArrayList<>();
  private final List<List<List<Choice>>> answers = new ArrayList<>();
  private final Set<String> models = new LinkedHashSet<>();
  private final Set<String> fingerprints = new LinkedHashSet<>();
  private @Nullable String failure;
  private int ended;
  private int all;
  private int cut;
  private int unusable;
  private boolean unaffordable;
  private boolean late;

  private Run(
      Job job,
      Answerer answerer,
      Answerer paraphraser,
      CallLedger ledger,
      int parallel,
      Observer observer) {
    this.job = job;
    this.answerer = answerer;
    this.paraphraser = paraphraser;
    this.ledger = ledger;
    this.parallel = parallel;
    this.observer = observer;
  }

  /**
   * Does a job.
   *
   * @param parallel calls at a time
   * @param end by when it must be done, on the clock of {@link System#nanoTime}; what is there then
   *     is what came of it
   * @throws InterruptedException if the thread was interrupted; all calls have ended by then
   */
  public static Outcome of(
      Job job,
      Answerer answerer,
      Answerer paraphraser,
      CallLedger ledger,
      int parallel,
      long end,
      Observer observer)
      throws InterruptedException {
    var run = new Run(job, answerer, paraphraser, ledger, parallel, observer);
    try {
      run.begin();
      run.goOn(end);
    } finally {
      run.giveUp();
    }
    return run.outcome();
  }

  /** What is still to be asked. */
  private sealed interface Task {
    Purpose purpose();

    Call call();

    /** The same once more; null if it was the second time. */
    @Nullable Task again();
  }

  private record Perturbing(Paraphrases wordings, Sampling sampling, boolean second)
      implements Task {
    @Override
    public Purpose purpose() {
      return Purpose.PERTURB;
    }

    @Override
    public Call call() {
      return wordings.call(sampling);
    }

    @Override
    public @Nullable Task again() {
      return second ? null : new Perturbing(wordings, sampling, true);
    }
  }

  /**
   * Answers of one prompt.
   *
   * @param call that brings them
   * @param second whether it was made before, and not answered
   */
  private record Answering(int round, int prompt, Call call, boolean second) implements Task {
    @Override
    public Purpose purpose() {
      return Purpose.ANSWER;
    }

    @Override
    public @Nullable Task again() {
      return second ? null : new Answering(round, prompt, call, true);
    }

    /** The same for those answers that did not come, with other luck. */
    Answering rest(int missing) {
      OptionalLong seed = seedOf(call.sampling(), round, prompt, missing);
      Call rest =
          new Call(
              Purpose.ANSWER,
              call.messages(),
              missing,
              call.sampling().seeded(seed),
              call.logprobs());
      return new Answering(round, prompt, rest, second);
    }
  }

  /** A call that is under way, or has landed. */
  private final class Flight {
    final Task task;
    final Entry entry;
    final Thread thread;
    volatile @Nullable Reply reply;
    volatile @Nullable Exception why;

    Flight(Task task, Call call, Entry entry) {
      this.task = task;
      this.entry = entry;
      Answerer model = task.purpose() == Purpose.PERTURB ? paraphraser : answerer;
      this.thread =
          Thread.ofVirtual()
              .name("asking")
              .unstarted(
                  () -> {
                    try {
                      reply = model.answer(call);
                    } catch (CallFailed | InterruptedException | RuntimeException e) {
                      why = e;
                    }
                    landed.add(this);
                  });
    }
  }

  private void begin() {
    prompts.add(Prompt.of(job.talk().question(), Origin.ORIGINAL));
    switch (job.wordings()) {
      case Job.Given(List<Prompt> given) -> {
        given.forEach(this::wording);
        askAll();
      }
      case Job.Written(int count, Sampling sampling) -> {
        all = Plan.of(job, answerer.mostChoices()).calls();
        pending.add(new Perturbing(new Paraphrases(job.talk().question(), count), sampling, false));
      }
    }
  }

  private void wording(Prompt prompt) {
    prompts.add(prompt);
    observer.perturbation(prompts.size() - 1, prompt);
  }

  /** Every prompt is asked once before any is asked again: if it ends early, all have something. */
  private void askAll() {
    List<Integer> parts = Job.parts(job.answersPerPrompt(), answerer.mostChoices());
    for (int round = 0; round < job.rounds().size(); round++) {
      answers.add(new ArrayList<>());
      prompts.forEach(prompt -> answers.getLast().add(new ArrayList<>()));
    }
    for (int part = 0; part < parts.size(); part++) {
      for (int round = 0; round < job.rounds().size(); round++) {
        for (int prompt = 0; prompt < prompts.size(); prompt++) {
          Sampling sampling = job.rounds().get(round);
          OptionalLong own = seedOf(sampling, round, prompt, part);
          var call =
              new Call(
                  Purpose.ANSWER,
                  job.talk().with(prompts.get(prompt).text()),
                  parts.get(part),
                  sampling.seeded(own),
                  job.logprobs());
          pending.add(new Answering(round, prompt, call, false));
        }
      }
    }
    all = ended + pending.size();
  }

  private static OptionalLong seedOf(Sampling sampling, int round, int prompt, int part) {
    OptionalLong seed = sampling.seed();
    long place = ((long) round << 40) + ((long) prompt << 20) + part;
    return seed.isEmpty()
        ? seed
        : OptionalLong.of((long) (SEEDS * SplitMix64.at(seed.getAsLong(), place)));
  }

  private void goOn(long end) throws InterruptedException {
    while (true) {
      launch();
      if (flying.isEmpty()) {
        return;
      }
      Flight flight = landed.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (flight == null) {
        late = true;
        return;
      }
      flying.remove(flight);
      land(flight);
    }
  }

  private void launch() throws InterruptedException {
    while (!pending.isEmpty() && flying.size() < parallel) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Task task = pending.element();
      Call call = task.call();
      Entry entry = ledger.enter(call.tokensAtMost());
      if (entry == null) {
        if (flying.isEmpty()) {
          unaffordable = true;
          pending.clear();
        }
        return;
      }
      pending.remove();
      var flight = new Flight(task, call, entry);
      flying.add(flight);
      flight.thread.start();
    }
  }

  private void land(Flight flight) {
    Reply reply = flight.reply;
    if (reply == null) {
      failed(flight);
    } else {
      ledger.answered(flight.entry, reply);
      observer.call(flight.task.purpose(), End.ANSWERED);
      ended++;
      if (reply.model() != null) {
        models.add(reply.model());
      }
      if (reply.fingerprint() != null) {
        fingerprints.add(reply.fingerprint());
      }
      switch (flight.task) {
        case Perturbing task -> wordings(task, reply);
        case Answering task -> answers(task, reply);
      }
    }
    observer.progress(ended, all, ledger.charged());
  }

  private void failed(Flight flight) {
    ledger.failed(flight.entry);
    observer.call(flight.task.purpose(), End.FAILED);
    ended++;
    if (!(flight.why instanceof CallFailed why)) {
      throw new IllegalStateException("a call failed in an unexpected way", flight.why);
    }
    if (failure == null) {
      failure = why.getMessage();
    }
    Task again = why.again() ? flight.task.again() : null;
    if (again != null) {
      more(again);
    } else if (flight.task instanceof Perturbing task) {
      enough(task);
    }
  }

  private void more(Task task) {
    pending.add(task);
    all++;
  }

  /** Takes the wordings of a reply; those that are missing are asked for once more. */
  private void wordings(Perturbing task, Reply reply) {
    for (Choice choice : reply.choices()) {
      task.wordings().add(choice.text());
    }
    Task again = task.wordings().missing() > 0 ? task.again() : null;
    if (again == null) {
      enough(task);
    } else {
      more(again);
    }
  }

  private void enough(Perturbing task) {
    for (String text : task.wordings().found()) {
      wording(Prompt.of(text, Origin.LLM));
    }
    if (prompts.size() >= 3) {
      askAll();
    } else {
      all = ended;
    }
  }

  /** Takes the answers of a reply; while some come, the rest is asked for. */
  private void answers(Answering task, Reply reply) {
    List<Choice> known = answers.get(task.round()).get(task.prompt());
    int came = 0;
    for (Choice choice : reply.choices().stream().limit(task.call().choices()).toList()) {
      came++;
      if (choice.text().isBlank() || choice.text().length() > job.longest()) {
        unusable++;
        continue;
      }
      cut += "length".equals(choice.finish()) ? 1 : 0;
      known.add(choice);
      observer.answer(task.round(), task.prompt(), known.size() - 1, choice);
    }
    if (came > 0 && came < task.call().choices()) {
      more(task.rest(task.call().choices() - came));
    }
  }

  /** Ends what is under way, and waits until it has ended. */
  private void giveUp() {
    for (Flight flight : flying) {
      flight.thread.interrupt();
    }
    boolean interrupted = false;
    for (Flight flight : flying) {
      while (flight.thread.isAlive()) {
        try {
          flight.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      ledger.failed(flight.entry);
      observer.call(flight.task.purpose(), End.CANCELLED);
    }
    flying.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome outcome() {
    var notes = new ArrayList<Note>();
    int wanted = job.prompts();
    if (prompts.size() < wanted) {
      notes.add(
          new Note(
              "fewer_perturbations",
              "%d of %d perturbations came; scores can be compared at equal N only"
                  .formatted(prompts.size() - 1, wanted - 1)));
    }
    int came = answers.stream().flatMap(List::stream).mapToInt(List::size).sum();
    int all = prompts.size() * job.answersPerPrompt() * job.rounds().size();
    if (came < all && !answers.isEmpty()) {
      notes.add(new Note("fewer_answers", "%d of %d answers came".formatted(came, all)));
    }
    if (unusable > 0) {
      notes.add(
          new Note(
              "unusable_answers",
              "%d answers were empty or longer than %d characters; they do not count"
                  .formatted(unusable, job.longest())));
    }
    if (cut > 0) {
      notes.add(
          new Note("cut_answers", cut + " answers end at max_tokens; they count as they are"));
    }
    if (unaffordable) {
      notes.add(new Note("budget_reached", "the budget did not allow all calls"));
    }
    if (late) {
      notes.add(new Note("deadline_reached", "time was up before all calls were answered"));
    }
    if (failure != null) {
      notes.add(
          new Note(
              "failed_calls",
              ledger.failed() + " calls failed; of the first, the upstream " + failure));
    }
    boolean complete = prompts.size() == wanted && came == all && !answers.isEmpty();
    return new Outcome(prompts, answers, ledger, models, fingerprints, notes, complete);
  }
}
