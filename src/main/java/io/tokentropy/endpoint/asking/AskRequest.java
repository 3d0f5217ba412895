package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.CallLedger.Budget;
import io.tokentropy.asking.Job;
import io.tokentropy.asking.Message;
import io.tokentropy.asking.Prompt;
import io.tokentropy.asking.Prompt.Origin;
import io.tokentropy.asking.Sampling;
import io.tokentropy.asking.Talk;
import io.tokentropy.embedding.Embedder;
import io.tokentropy.endpoint.perturbation.GaapOptions;
import io.tokentropy.endpoint.perturbation.PerturbationsEndpoint;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.perturbation.Words;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What one call of {@code /v1/inv-entropy/ask} asks.
 *
 * @param breeding of wordings, which the question stands for until then; null where none are bred
 * @param seed of the other wordings, where a model writes them
 * @param upstream that answers; null for that of the configuration
 * @param paraphraser that writes other wordings; null for that of the configuration
 * @param least answers that a prompt needs to count
 * @param temperatures whether the caller gave several
 * @param measuring of the answers by other measures; null if none are wanted
 */
record AskRequest(
    Job job,
    Method method,
    @Nullable Breeding breeding,
    long seed,
    @Nullable String upstream,
    @Nullable String paraphraser,
    int least,
    boolean temperatures,
    Budget budget,
    ScoringOptions scoring,
    @Nullable Measuring measuring,
    boolean stream,
    boolean dryRun) {

  private static final int MOST_ANSWERS = 64;
  private static final int MOST_TOKENS = 4096;
  private static final int MOST_STOPS = 16;
  private static final double HOTTEST = 10;

  /** Where other wordings come from. */
  enum Method {
    LLM,
    GAAP,
    CALLER;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Who says a message. */
  private enum Role {
    SYSTEM,
    DEVELOPER,
    USER,
    ASSISTANT;

    String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How wordings are bred from the question.
   *
   * @param questionAt where it stands
   */
  record Breeding(Words words, String questionAt, GaapOptions options) {}

  /** The same with wordings that have been bred. */
  AskRequest with(Job.Given wordings) {
    return new AskRequest(
        job.with(wordings),
        method,
        breeding,
        seed,
        upstream,
        paraphraser,
        least,
        temperatures,
        budget,
        scoring,
        measuring,
        stream,
        dryRun);
  }

  static AskRequest read(Fields fields, AskLimits limits, Embedder embedder) {
    Sampling sampling = sampling(fields);
    List<Sampling> rounds = rounds(fields, sampling, limits);
    Talk talk = talk(fields, limits);
    int each = within(fields, "answers_per_prompt", 5, 1, MOST_ANSWERS);
    Value value = fields.get("perturbations");
    Fields perturbations = value == null ? Fields.ofQuery(Map.of()) : value.asFields();
    Method method = perturbations.word("method", Method.LLM, Method::wire);
    Breeding breeding =
        method == Method.GAAP ? breeding(fields, perturbations, limits, embedder) : null;
    Value start = perturbations.get("seed");
    long seed = start == null ? 0 : start.asLong();
    Job.Wordings wordings =
        switch (method) {
          case LLM -> written(perturbations, talk, seed, limits);
          case GAAP -> unbred(talk, breeding, perturbations, limits);
          case CALLER -> given(perturbations, limits);
        };
    perturbations.done();
    boolean logprobs = fields.flag("logprobs", false);
    return new AskRequest(
        new Job(talk, wordings, each, rounds, logprobs, limits.textLength().toInt()),
        method,
        breeding,
        seed,
        fields.text("upstream"),
        fields.text("paraphraser"),
        within(fields, "min_answers", Math.min(3, each), 1, each),
        fields.has("temperatures"),
        budget(fields, limits.budget()),
        ScoringOptions.read(fields),
        Measuring.read(fields, logprobs),
        fields.flag("stream", false),
        fields.flag("dry_run", false));
  }

  private static int within(Fields fields, String name, int absent, int least, int most) {
    int value = fields.integer(name, absent);
    if (value < least || value > most) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer(name), value, "from " + least + " to " + most);
    }
    return value;
  }

  private static Sampling sampling(Fields request) {
    Value value = request.get("sampling");
    if (value == null) {
      return new Sampling(0.7, OptionalDouble.empty(), 64, List.of(), OptionalLong.empty());
    }
    Fields fields = value.asFields();
    double temperature = fields.number("temperature", 0.7);
    requireTemperature(fields.pointer("temperature"), temperature);
    OptionalDouble topP = fields.number("top_p");
    if (topP.isPresent() && !(topP.getAsDouble() > 0 && topP.getAsDouble() <= 1)) {
      throw new InvalidInput.ParameterOutOfRange(
          fields.pointer("top_p"), topP.getAsDouble(), "above 0 and at most 1");
    }
    int maxTokens = within(fields, "max_tokens", 64, 1, MOST_TOKENS);
    var stop = new ArrayList<String>();
    for (Value text : fields.list("stop")) {
      stop.add(text.asText());
      if (stop.getLast().isEmpty() || stop.size() > MOST_STOPS) {
        throw new InvalidInput.ParameterOutOfRange(
            text.pointer(),
            stop.getLast().isEmpty() ? "an empty text" : "another text",
            "at most " + MOST_STOPS + " texts with something in them");
      }
    }
    Value seed = fields.get("seed");
    OptionalLong start = seed == null ? OptionalLong.empty() : OptionalLong.of(seed.asLong());
    fields.done();
    return new Sampling(temperature, topP, maxTokens, stop, start);
  }

  private static void requireTemperature(String pointer, double temperature) {
    if (!(temperature >= 0 && temperature <= HOTTEST)) {
      throw new InvalidInput.ParameterOutOfRange(pointer, temperature, "from 0 to 10");
    }
  }

  private static List<Sampling> rounds(Fields fields, Sampling sampling, AskLimits limits) {
    Value value = fields.get("temperatures");
    if (value == null) {
      return List.of(sampling);
    }
    Value own = fields.get("sampling");
    if (own != null && own.asFields().has("temperature")) {
      throw new InvalidInput.ConflictingInputs(
          value.pointer(), "temperatures stands beside sampling/temperature; expected one of them");
    }
    double[] temperatures = value.asNumbers();
    limits.temperatures().require(value.pointer(), temperatures.length);
    if (temperatures.length < 2) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), temperatures.length + " temperatures", "at least two");
    }
    var rounds = new ArrayList<Sampling>();
    double before = Double.NEGATIVE_INFINITY;
    for (double temperature : temperatures) {
      String pointer = value.pointer() + "/" + rounds.size();
      requireTemperature(pointer, temperature);
      if (temperature <= before) {
        throw new InvalidInput.ParameterOutOfRange(pointer, temperature, "above the one before");
      }
      before = temperature;
      rounds.add(sampling.at(temperature));
    }
    return rounds;
  }

  private static Talk talk(Fields fields, AskLimits limits) {
    String text = fields.text("answer_suffix");
    String suffix = text == null ? "" : text;
    Value question = fields.get("question");
    Value messages = fields.get("messages");
    if (question != null && messages != null) {
      throw new InvalidInput.ConflictingInputs(
          messages.pointer(), "messages stands beside question; expected one of them");
    }
    if (question != null) {
      return Talk.of(text(question, limits), suffix);
    }
    if (messages == null) {
      fields.refuseMisspelt();
      throw new InvalidInput.MissingInput(
          fields.pointer(), "there is no question; expected question or messages");
    }
    return talk(messages, suffix, limits);
  }

  /** The last message of the user is what is put in other words. */
  private static Talk talk(Value value, String suffix, AskLimits limits) {
    var all = new ArrayList<Message>();
    int last = -1;
    for (Value each : value.asList()) {
      Fields fields = each.asFields();
      Role role = Fields.word(fields.require("role"), Role.class, Role::wire);
      all.add(new Message(role.wire(), text(fields.require("content"), limits)));
      fields.done();
      last = role == Role.USER ? all.size() - 1 : last;
    }
    if (last < 0) {
      throw new InvalidInput.MissingInput(
          value.pointer(), "no message is the user's; expected one to put in other words");
    }
    return new Talk(
        all.subList(0, last), all.get(last).content(), all.subList(last + 1, all.size()), suffix);
  }

  private static String text(Value value, AskLimits limits) {
    String text = value.asText();
    if (text.isBlank()) {
      throw new InvalidInput.ParameterOutOfRange(
          value.pointer(), "an empty text", "a text with something in it");
    }
    limits.textLength().require(value.pointer(), text.length());
    return text;
  }

  private static Job.Written written(Fields fields, Talk talk, long seed, AskLimits limits) {
    if (fields.has("texts")) {
      throw new InvalidInput.ConflictingInputs(
          fields.pointer("texts"), "a model writes the texts; expected method caller with them");
    }
    int count = within(fields, "count", 9, 2, limits.prompts().toInt() - 1);
    var like = new Sampling(0.7, OptionalDouble.empty(), 1, List.of(), OptionalLong.of(seed));
    return new Job.Written(count, Job.writing(talk.question(), count, like));
  }

  private static Breeding breeding(
      Fields request, Fields perturbations, AskLimits limits, Embedder embedder) {
    Value question = question(request);
    return new Breeding(
        PerturbationsEndpoint.words(question, limits.perturbation()),
        question.pointer(),
        GaapOptions.read(perturbations, limits.perturbation(), Optional.of(embedder)));
  }

  /** The question as it stands in a request that has been found to have one. */
  private static Value question(Fields request) {
    Value question = request.get("question");
    if (question != null) {
      return question;
    }
    return request.list("messages").stream()
        .map(Value::asFields)
        .filter(message -> Role.USER.wire().equals(message.text("role")))
        .reduce((first, second) -> second)
        .orElseThrow()
        .require("content");
  }

  /** So many as will be bred, each the question itself until then. */
  private static Job.Given unbred(
      Talk talk, @Nullable Breeding breeding, Fields fields, AskLimits limits) {
    int count = breeding == null ? 0 : breeding.options().settings().count();
    if (count < 2) {
      throw new InvalidInput.ParameterOutOfRange(fields.pointer("count"), count, "at least 2");
    }
    limits.prompts().require(fields.pointer("count"), count + 1L);
    return new Job.Given(Collections.nCopies(count, Prompt.of(talk.question(), Origin.GAAP)));
  }

  private static Job.Given given(Fields fields, AskLimits limits) {
    Value value = fields.require("texts");
    List<Value> texts = value.asList();
    limits.prompts().require(value.pointer(), texts.size() + 1L);
    int count = fields.integer("count", texts.size());
    if (texts.size() < 2 || count != texts.size()) {
      throw new InvalidInput.ShapeMismatch(
          value.pointer(),
          "found " + texts.size() + " texts, expected " + (count < 2 ? "at least 2" : count));
    }
    return new Job.Given(
        texts.stream().map(text -> Prompt.of(text(text, limits), Origin.CALLER)).toList());
  }

  private static Budget budget(Fields request, Budget most) {
    Value value = request.get("budget");
    if (value == null) {
      return most;
    }
    Fields fields = value.asFields();
    int calls = within(fields, "max_calls", most.calls(), 1, most.calls());
    int tokens =
        within(
            fields,
            "max_tokens",
            (int) Math.min(Integer.MAX_VALUE, most.tokens()),
            1,
            (int) Math.min(Integer.MAX_VALUE, most.tokens()));
    fields.done();
    return new Budget(calls, tokens);
  }
}
