package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.Answerer;
import io.tokentropy.asking.CallLedger;
import io.tokentropy.asking.Job;
import io.tokentropy.asking.Observer;
import io.tokentropy.asking.Outcome;
import io.tokentropy.asking.Plan;
import io.tokentropy.asking.Prompt;
import io.tokentropy.asking.Prompt.Origin;
import io.tokentropy.asking.Reply.Choice;
import io.tokentropy.asking.Run;
import io.tokentropy.embedding.Embedder;
import io.tokentropy.embedding.EmbeddingUnavailable;
import io.tokentropy.embedding.LongTexts;
import io.tokentropy.endpoint.Cost;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.Tally;
import io.tokentropy.endpoint.asking.AskFailed.Why;
import io.tokentropy.endpoint.inventropy.InvEntropyEndpoint;
import io.tokentropy.endpoint.perturbation.Measure;
import io.tokentropy.endpoint.perturbation.Perturber;
import io.tokentropy.endpoint.uncertainty.UncertaintyEndpoint;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Reader;
import io.tokentropy.perturbation.Gaap;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.similarity.Similarities;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/inv-entropy/ask}: a question is put to a model in several wordings, and its answers
 * are scored. This is no pure function: the model draws its answers. The score is one of the body
 * that comes with it.
 */
public final class AskEndpoint {
  public static final String PATH = "/v1/inv-entropy/ask";

  /** With fewer prompts a score says next to nothing. */
  private static final int FEWEST = 3;

  private final AskLimits limits;
  private final Map<String, Answerer> models;
  private final Defaults defaults;
  private final InvEntropyEndpoint.Scorer scorer;
  private final UncertaintyEndpoint.Measurer measurer;
  private final Perturber perturber;
  private final Embedder embedder;
  private final Reader reader;
  private final String version;

  /**
   * Whom a call asks that names nobody.
   *
   * @param upstream that answers; null if every call must name one
   * @param paraphraser that writes other wordings; null for the one that answers
   */
  public record Defaults(@Nullable String upstream, @Nullable String paraphraser) {}

  /**
   * The endpoint.
   *
   * @param models by the names of the configuration
   * @param reader of the bodies that are made here
   * @param version of the service
   */
  public AskEndpoint(
      AskLimits limits,
      Map<String, Answerer> models,
      Defaults defaults,
      InvEntropyEndpoint.Scorer scorer,
      UncertaintyEndpoint.Measurer measurer,
      Perturber perturber,
      Embedder embedder,
      Reader reader,
      String version) {
    this.limits = limits;
    this.models = new TreeMap<>(models);
    this.defaults = defaults;
    this.scorer = scorer;
    this.measurer = measurer;
    this.perturber = perturber;
    this.embedder = embedder;
    this.reader = reader;
    this.version = version;
  }

  /** What is asked; refuses what could not be scored, before anything is paid for. */
  public Asked read(Fields fields) {
    AskRequest request = AskRequest.read(fields, limits, embedder);
    fields.done();
    Answerer answerer =
        model(request.upstream(), defaults.upstream(), fields.pointer("upstream"), "UPSTREAM");
    String writer = defaults.paraphraser() == null ? answerer.name() : defaults.paraphraser();
    Answerer paraphraser =
        model(request.paraphraser(), writer, fields.pointer("paraphraser"), "PARAPHRASER");
    List<ScoringOptions.Question> likely = new ArrayList<>();
    Job job = request.job();
    for (int round = 0; round < job.rounds().size(); round++) {
      likely.add(
          new ScoringOptions.Question(
              Collections.nCopies(job.prompts(), "?"),
              Collections.nCopies(
                  job.prompts(), Collections.nCopies(job.answersPerPrompt(), "?"))));
    }
    Measuring measuring = request.measuring();
    Cost measures =
        measuring == null
            ? Cost.NONE
            : measuring.likelyCost(job.answersPerPrompt(), measurer, reader);
    Cost cost = oneAfterTheOther(question(body(request, likely)).cost(), measures);
    return new Asked(request, answerer, paraphraser, cost, false);
  }

  private static Cost oneAfterTheOther(Cost first, Cost then) {
    return new Cost(first.operations() + then.operations(), Math.max(first.bytes(), then.bytes()));
  }

  /** What it takes to breed wordings, where they are to be bred. */
  public Cost breedingCost(Asked asked) {
    AskRequest.Breeding breeding = asked.unbred();
    return breeding == null ? Cost.NONE : perturber.cost(breeding.words(), breeding.options());
  }

  /** Breeds wordings, where they are to be bred, and are not yet. Takes a core. */
  public Asked bred(Asked asked) {
    AskRequest.Breeding breeding = asked.unbred();
    if (breeding == null) {
      return asked;
    }
    List<Gaap.Perturbation> found =
        perturber
            .of(breeding.words(), breeding.questionAt(), breeding.options())
            .result()
            .perturbations();
    List<Prompt> prompts =
        found.stream()
            .map(each -> new Prompt(each.text(), Origin.GAAP, OptionalInt.of(each.generation())))
            .toList();
    return asked.with(new Job.Given(prompts));
  }

  /** Wordings whose likeness an embedding server says. */
  public Endpoint.Await<Asked> breeding() {
    return new Endpoint.Await<>() {
      @Override
      public boolean waits(Asked asked) {
        AskRequest.Breeding breeding = asked.unbred();
        return breeding != null && breeding.options().measure() == Measure.SERVER;
      }

      @Override
      public Asked arrived(Asked asked) {
        return bred(asked);
      }
    };
  }

  private Answerer model(
      @Nullable String named, @Nullable String absent, String pointer, String setting) {
    String name = named == null ? absent : named;
    if (name == null) {
      throw new InvalidInput.MissingInput(pointer, "no upstream is named")
          .withHint(
              "Name one of "
                  + String.join(", ", models.keySet())
                  + ", or set TOKENTROPY_ASK_"
                  + setting
                  + ".");
    }
    Answerer model = models.get(name);
    if (model == null) {
      throw new InvalidInput.ParameterOutOfRange(
          pointer,
          "the name of no upstream",
          models.isEmpty()
              ? "none: there is none"
              : "one of " + String.join(", ", models.keySet()));
    }
    return model;
  }

  /** What is asked, and of whom. */
  public static final class Asked {
    private final AskRequest request;
    private final Answerer answerer;
    private final Answerer paraphraser;
    private final Cost cost;
    private final boolean bred;

    private Asked(
        AskRequest request, Answerer answerer, Answerer paraphraser, Cost cost, boolean bred) {
      this.request = request;
      this.answerer = answerer;
      this.paraphraser = paraphraser;
      this.cost = cost;
      this.bred = bred;
    }

    /** How wordings are to be bred; null where they are there, or a model writes them. */
    private AskRequest.@Nullable Breeding unbred() {
      return bred ? null : request.breeding();
    }

    private Asked with(Job.Given wordings) {
      return new Asked(request.with(wordings), answerer, paraphraser, cost, true);
    }

    AskRequest request() {
      return request;
    }

    Answerer answerer() {
      return answerer;
    }

    Answerer paraphraser() {
      return paraphraser;
    }

    /** What it takes to score all answers, but for embedding them. */
    public Cost cost() {
      return cost;
    }

    public boolean dryRun() {
      return request.dryRun();
    }

    public boolean stream() {
      return request.stream();
    }

    /** The plan; it may have to ask the server what it can, so it takes no core. */
    Plan plan() {
      return Plan.of(request.job(), answerer.mostChoices());
    }
  }

  /** The plan alone, whether or not the budget allows it. */
  public static Answer planned(Asked asked) {
    Plan plan = asked.plan();
    return Answer.of("inv_entropy.plan")
        .put("plan", AskAnswer.of(plan))
        .put("budget", AskAnswer.of(asked.request().budget()))
        .put("within_budget", plan.isWithin(asked.request().budget()))
        .put("upstream", asked.answerer().name());
  }

  /** What came of the calls, ready to be scored. */
  public record Ran(
      Asked asked,
      Outcome outcome,
      List<Integer> used,
      Answer body,
      InvEntropyEndpoint.Question question,
      Measuring.@Nullable Ready measures,
      @Nullable List<Double> similarity) {
    public Cost cost() {
      return oneAfterTheOther(question.cost(), measures == null ? Cost.NONE : measures.cost());
    }
  }

  /**
   * Asks. Takes no core.
   *
   * @param end by when it must be done, on the clock of {@link System#nanoTime}
   * @throws AskFailed if the budget is too small for the plan, or too few answers came
   * @throws InterruptedException if nobody waits any more
   */
  public Ran run(Asked asked, Observer observer, long end) throws InterruptedException {
    AskRequest request = asked.request();
    Plan plan = asked.plan();
    if (!plan.isWithin(request.budget())) {
      throw new AskFailed(
          Why.BUDGET_TOO_SMALL,
          "the plan takes %d calls and up to %d tokens, and the budget is %d calls and %d tokens"
              .formatted(
                  plan.calls(), plan.tokens(), request.budget().calls(), request.budget().tokens()),
          new Answer()
              .put("plan", AskAnswer.of(plan))
              .put("budget", AskAnswer.of(request.budget())));
    }
    observer.plan(plan);
    Outcome outcome =
        Run.of(
            request.job(),
            asked.answerer(),
            asked.paraphraser(),
            new CallLedger(request.budget()),
            limits.parallel(),
            end,
            observer);
    List<Integer> used = outcome.answered(request.least());
    if (used.size() < FEWEST) {
      throw new AskFailed(
          Why.INCOMPLETE,
          AskAnswer.tooFew(outcome, used.size(), request),
          AskAnswer.paid(this, asked, outcome, used, null));
    }
    Answer body = body(request, questions(outcome, used));
    return withEvidence(
        asked,
        outcome,
        used,
        body,
        () -> {
          InvEntropyEndpoint.Question question = question(body).arrived();
          List<Double> similarity = embedder.waits() ? similarity(outcome) : null;
          return new Ran(
              asked, outcome, used, body, question, measures(request, outcome), similarity);
        });
  }

  /** The score with all that it rests on. Takes a core. */
  public Answer answer(Ran ran, Tally tally) {
    return withEvidence(
        ran.asked(),
        ran.outcome(),
        ran.used(),
        ran.body(),
        () -> {
          InvEntropyEndpoint.Scored scored = ran.question().scored(tally);
          List<Double> known = ran.similarity();
          List<Double> similarity = known == null ? similarity(ran.outcome()) : known;
          Measuring.Ready measures = ran.measures();
          Measuring.Told told = measures == null ? Measuring.Told.NOTHING : measures.told();
          return AskAnswer.of(this, ran, scored, told, similarity);
        });
  }

  private Measuring.@Nullable Ready measures(AskRequest request, Outcome outcome) {
    Measuring measuring = request.measuring();
    return measuring == null
        ? null
        : measuring.ready(
            outcome.answers().stream().map(List::getFirst).toList(),
            request.temperatures(),
            measurer,
            reader);
  }

  /** What has been paid for is handed out, even where it cannot be scored. */
  private <T> T withEvidence(
      Asked asked, Outcome outcome, List<Integer> used, Answer body, Supplier<T> scoring) {
    try {
      return scoring.get();
    } catch (InvalidInput e) {
      throw unscored(asked, outcome, used, body, e.detail());
    } catch (EmbeddingUnavailable e) {
      throw unscored(asked, outcome, used, body, String.valueOf(e.getMessage()));
    }
  }

  private AskFailed unscored(
      Asked asked, Outcome outcome, List<Integer> used, Answer body, String why) {
    return new AskFailed(
        Why.INCOMPLETE,
        "the answers have come, but cannot be scored: " + why,
        AskAnswer.paid(this, asked, outcome, used, body));
  }

  private Answer body(AskRequest request, List<ScoringOptions.Question> questions) {
    LongTexts longTexts = embedder.countsPieces() ? LongTexts.MEAN : LongTexts.REFUSE;
    return request.scoring().body(questions, request.temperatures(), longTexts.wire());
  }

  private static List<ScoringOptions.Question> questions(Outcome outcome, List<Integer> used) {
    List<String> texts = used.stream().map(i -> outcome.prompts().get(i).text()).toList();
    return outcome.answers().stream()
        .map(
            round ->
                new ScoringOptions.Question(
                    texts,
                    used.stream()
                        .map(i -> round.get(i).stream().map(Choice::text).toList())
                        .toList()))
        .toList();
  }

  /** The body as the service would read it: from its bytes. */
  private InvEntropyEndpoint.Question question(Answer body) {
    byte[] bytes = body.toBytes();
    return scorer.read(reader.read(bytes, bytes.length));
  }

  /** How like the original each prompt is, from 0 to 1. */
  private List<Double> similarity(Outcome outcome) {
    List<String> texts = outcome.prompts().stream().map(Prompt::text).toList();
    LongTexts longTexts = embedder.countsPieces() ? LongTexts.MEAN : LongTexts.REFUSE;
    Similarities all =
        Similarities.ofEmbeddings(
            embedder.embed(texts, longTexts).vectors(), Similarities.Mapping.SHIFTED);
    return Arrays.stream(all.row(0)).boxed().toList();
  }

  String version() {
    return version;
  }

  String embeddingModel() {
    return embedder.model();
  }
}
