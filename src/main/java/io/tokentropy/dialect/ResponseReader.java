package io.tokentropy.dialect;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.json.Memory;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what inference servers send, as they send it: whole responses, stream chunks, lists of
 * chunks, or the raw text of a stream. Fields that no log-probability hangs on are left alone.
 */
public final class ResponseReader {
  private static final String MISSING = "the response has no log-probabilities";
  private static final String LOGITS =
      "Are these logits? vLLM writes them here if it was started with --logprobs-mode raw_logits or"
          + " processed_logits; expected raw_logprobs.";

  /** A little above ln 2^-24: with less than that beside it, a float32 of almost 1 is 1. */
  private static final double LN_FLOAT_STEP = -16;

  private final Reader json;

  /** What all events of a stream may take together. */
  private final Memory memory;

  private final @Nullable Dialect wanted;
  private final OptionalInt vocabSize;
  private final int most;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Reading.Note> notes = new ArrayList<>();

  /** What SGLang has sent so far of each answer, by the id of its request. */
  private final Map<String, Sent> sent = new LinkedHashMap<>();

  /** The parts of OpenAI's Responses whose tokens came piece by piece. */
  private final Set<String> pieces = new HashSet<>();

  private @Nullable Dialect dialect;
  private boolean anyLogprobs;
  private boolean anyText;
  private boolean anyChunk;
  private @Nullable Value emptyChoices;

  private ResponseReader(Reader json, @Nullable Dialect wanted, OptionalInt vocabSize, int most) {
    this.json = json;
    this.memory = json.memory();
    this.wanted = wanted;
    this.vocabSize = vocabSize;
    this.most = most;
  }

  /**
   * Reads a response.
   *
   * @param json for text that holds JSON
   * @param wanted the dialect; null to tell it by the fields
   * @param vocabSize V, for the bounds of the rows
   * @param most tokens that are wanted; what comes after more than these is not read
   * @throws InvalidInput.MissingInput if there are no log-probabilities; the hint names the request
   *     option that brings them
   * @throws InvalidInput.WrongType if it is no response of that dialect, or of any
   * @throws InvalidInput.NotADistribution if logits stand where log-probabilities belong
   */
  public static Reading read(
      Value response, Reader json, @Nullable Dialect wanted, OptionalInt vocabSize, int most) {
    var reader = new ResponseReader(json, wanted, vocabSize, most);
    reader.read(response);
    return reader.result(response.pointer());
  }

  private void read(Value response) {
    switch (response) {
      case Value.Items(String pointer, List<Value> items) -> items.forEach(this::chunk);
      case Value.Text(String pointer, String text) -> stream(pointer, text);
      case Value.Obj object -> chunk(object);
      default -> throw response.wrongType("a response object, a list of chunks, or their text");
    }
  }

  private Reading result(String pointer) {
    if (dialect == null) {
      throw new InvalidInput.MissingInput(pointer, "the response is empty");
    }
    if (!anyLogprobs && !anyText && emptyChoices != null) {
      throw new InvalidInput.MissingInput(emptyChoices.pointer(), "the list is empty");
    }
    if (!anyLogprobs && (anyText || !anyChunk)) {
      throw new InvalidInput.MissingInput(pointer, MISSING)
          .withHint("Ask the server for them: " + dialect.option() + " in the request.");
    }
    return new Reading(dialect, tokens, notes);
  }

  private boolean hasEnough() {
    return tokens.size() > most;
  }

  /**
   * The events of a stream, one at a time: SSE's data lines, or NDJSON's lines. An event of several
   * data lines, or JSON over several lines, is read as a whole once its first line was found to be
   * no JSON.
   */
  private void stream(String pointer, String text) {
    boolean sse = text.lines().anyMatch(line -> line.startsWith("data:"));
    InvalidInput failure = null;
    var rest = new StringBuilder();
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (hasEnough()) {
        return;
      }
      boolean data = sse ? line.startsWith("data:") : !line.isBlank();
      String body = sse && data ? line.substring(5) : line;
      if (failure != null && (data || !sse)) {
        rest.append(body).append('\n');
      } else if (failure != null && line.isEmpty()) {
        event(pointer, rest.toString(), number, failure);
        failure = null;
        rest.setLength(0);
      } else if (data && !body.isBlank() && !body.strip().equals("[DONE]")) {
        failure = event(pointer, body, number);
        if (failure != null) {
          rest.append(body).append('\n');
        }
      }
    }
    if (failure != null) {
      event(pointer, rest.toString(), number, failure);
    }
  }

  /** Reads what may be an event; returns why it is no JSON. */
  private @Nullable InvalidInput event(String pointer, String text, int number) {
    String part = "line " + number + " of the stream";
    Value value;
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      value = json.readValue(bytes, bytes.length, memory);
    } catch (InvalidInput.MalformedJson e) {
      return e.inside(pointer, part);
    } catch (InvalidInput.LimitExceeded e) {
      throw e.under(pointer);
    } catch (InvalidInput e) {
      throw e.inside(pointer, part);
    }
    try {
      if (value instanceof Value.Items(String at, List<Value> chunks)) {
        chunks.forEach(this::chunk);
      } else {
        chunk(value);
      }
    } catch (InvalidInput e) {
      throw e.inside(pointer, part);
    }
    return null;
  }

  private void event(String pointer, String text, int number, InvalidInput otherwise) {
    if (event(pointer, text, number) != null) {
      throw otherwise;
    }
  }

  private static Map<String, Value> fields(@Nullable Value value) {
    return value instanceof Value.Obj(String pointer, Map<String, Value> fields)
        ? fields
        : Map.of();
  }

  private static @Nullable Value child(@Nullable Value value, String name) {
    Value found = fields(value).get(name);
    return found == null || found.isNull() ? null : found;
  }

  private static List<Value> items(@Nullable Value value) {
    return value == null || value.isNull() ? List.of() : value.asList();
  }

  private static Dialect detect(Value chunk) {
    Map<String, Value> fields = fields(chunk);
    if (fields.containsKey("meta_info")) {
      return Dialect.SGLANG;
    }
    if (fields.containsKey("completion_probabilities")) {
      return Dialect.LLAMACPP;
    }
    if (fields.containsKey("details") || fields.containsKey("generated_text")) {
      return Dialect.TGI;
    }
    if (fields.containsKey("choices")) {
      return detectChoices(chunk);
    }
    if (fields.containsKey("output") || child(chunk, "type") != null) {
      return Dialect.OPENAI_RESPONSES;
    }
    if (fields.containsKey("done") || fields.containsKey("logprobs")) {
      return Dialect.OLLAMA;
    }
    if (fields.containsKey("token")) {
      return Dialect.TGI;
    }
    if (fields.containsKey("content") || fields.containsKey("stop")) {
      return Dialect.LLAMACPP;
    }
    String expected =
        "a response of OpenAI, vLLM, SGLang, TGI, llama.cpp or Ollama, or a chunk of one";
    if (fields.containsKey("error")) {
      throw new InvalidInput.WrongType(chunk.pointer(), "an error that the server sent", expected);
    }
    throw chunk.wrongType(expected);
  }

  private static Dialect detectChoices(Value chunk) {
    boolean completion = false;
    for (Value choice : items(child(chunk, "choices"))) {
      Map<String, Value> logprobs = fields(child(choice, "logprobs"));
      boolean chat = logprobs.containsKey("content") || fields(choice).containsKey("delta");
      completion |= !chat && (logprobs.containsKey("tokens") || fields(choice).containsKey("text"));
    }
    return completion ? Dialect.OPENAI_COMPLETION : Dialect.OPENAI_CHAT;
  }

  private void chunk(Value chunk) {
    if (hasEnough()) {
      return;
    }
    if (!(chunk instanceof Value.Obj)) {
      throw chunk.wrongType("an object");
    }
    Dialect found = wanted == null || wanted == Dialect.VLLM ? detect(chunk) : wanted;
    if (dialect == null) {
      dialect = wanted == null ? found : wanted;
    }
    switch (found) {
      case OPENAI_CHAT, VLLM -> chat(chunk);
      case OPENAI_COMPLETION -> completion(chunk);
      case OPENAI_RESPONSES -> responses(chunk);
      case SGLANG -> sglang(chunk);
      case TGI -> tgi(chunk);
      case LLAMACPP -> llamacpp(chunk);
      case OLLAMA -> ollama(chunk);
    }
  }

  private static int index(Value choice) {
    Value index = child(choice, "index");
    return index == null ? 0 : index.asInt();
  }

  private void chat(Value chunk) {
    Value choices = child(chunk, "choices");
    if (choices == null) {
      throw chunk.wrongType("an object with choices");
    }
    List<Value> list = choices.asList();
    isEmpty(chunk, choices, list);
    for (Value choice : list) {
      Value delta = child(choice, "delta");
      Value logprobs = child(choice, "logprobs");
      boolean any = false;
      for (String name : List.of("content", "refusal")) {
        Value entries = child(logprobs, name);
        any |= entries != null;
        chat(index(choice), items(entries));
      }
      anyLogprobs |= any;
      anyText |= !any && saysSomething(delta);
      anyChunk |= delta != null;
    }
  }

  /** Chunks without choices carry the usage at the end, or what Azure says of the prompt. */
  private void isEmpty(Value chunk, Value choices, List<Value> list) {
    if (list.isEmpty()) {
      boolean usage = child(chunk, "usage") != null;
      anyChunk |= usage;
      emptyChoices = usage || emptyChoices != null ? emptyChoices : choices;
    }
  }

  /** Whether a delta brings anything but the role. */
  private static boolean saysSomething(@Nullable Value delta) {
    return fields(delta).entrySet().stream()
        .anyMatch(
            field ->
                !field.getKey().equals("role")
                    && !field.getValue().isNull()
                    && !(field.getValue() instanceof Value.Text(String at, String text)
                        && text.isEmpty()));
  }

  /**
   * The tokens of a chunk. Servers that put several into one chunk have repeated the alternatives
   * of the first one for the others; those belong to no other token.
   */
  private void chat(int choice, List<Value> entries) {
    List<Candidate> before = List.of();
    for (Value entry : entries) {
      Candidate sampled = candidate(entry);
      List<Candidate> listed = candidates(entry, "top_logprobs");
      boolean repeated = listed.size() > 1 && listed.equals(before) && !listed.contains(sampled);
      before = listed;
      if (repeated) {
        notes.add(
            new Reading.Note(
                "repeated_alternatives",
                "the alternatives are those of the token before, to the last digit: left out",
                tokens.size()));
        listed = List.of();
      }
      add(choice, sampled, listed, false, entry.pointer() + "/top_logprobs");
    }
  }

  /** A token object with a list of such objects beside it, as most write it. */
  private void add(int choice, Value entry, String alternatives) {
    add(
        choice,
        candidate(entry),
        candidates(entry, alternatives),
        false,
        entry.pointer() + "/" + alternatives);
  }

  private static List<Candidate> candidates(Value entry, String name) {
    return items(child(entry, name)).stream().map(ResponseReader::candidate).toList();
  }

  /**
   * One listed token.
   *
   * @param bytes of its text, where the server gave them
   */
  private record Candidate(
      @Nullable String text, @Nullable Integer id, String bytes, double lnProb) {

    /** What tells it from others: its id, or its text and, if all have them, its bytes. */
    private String key(boolean withBytes) {
      return id != null ? "#" + id : (withBytes ? bytes : "") + "|" + text;
    }
  }

  private static Candidate candidate(Value entry) {
    Value token = child(entry, "token");
    Value text = token == null ? child(entry, "text") : token;
    Value id = child(entry, "id");
    Value lnProb = child(entry, "logprob");
    Value prob = child(entry, "prob");
    return candidate(
        text == null ? null : text.asText(),
        id == null ? null : (Integer) id.asInt(),
        child(entry, "bytes") instanceof Value.Numbers bytes ? join(bytes) : "",
        prob == null || lnProb != null ? lnProb(lnProb, entry) : lnOf(prob));
  }

  private static double lnOf(Value prob) {
    double number = prob.asNumber();
    if (number < 0) {
      throw new InvalidInput.NotADistribution(
          prob.pointer(), "found " + number + ", expected a probability");
    }
    return Math.log(number);
  }

  private static String join(Value.Numbers numbers) {
    var text = new StringBuilder();
    for (int i = 0; i < numbers.size(); i++) {
      text.append((int) numbers.at(i)).append(' ');
    }
    return text.toString();
  }

  private static Candidate candidate(
      @Nullable String text, @Nullable Integer id, String bytes, double lnProb) {
    return new Candidate(text, id == null && text != null ? idOf(text) : id, bytes, lnProb);
  }

  /** vLLM writes {@code token_id:123} where it was asked to. */
  private static @Nullable Integer idOf(String text) {
    return text.matches("token_id:\\d{1,9}")
        ? (Integer) Integer.parseInt(text.substring("token_id:".length()))
        : null;
  }

  private static double lnProb(@Nullable Value value, Value entry) {
    if (value == null) {
      throw new InvalidInput.MissingInput(entry.pointer() + "/logprob", "logprob is missing");
    }
    return lnProb(value);
  }

  private static double lnProb(Value value) {
    return value.isMask() ? Double.NEGATIVE_INFINITY : value.asNumber();
  }

  /** Puts a token on the list, its alternatives as the best k that they are. */
  private void add(
      int choice, Candidate sampled, List<Candidate> listed, boolean filtered, String pointer) {
    int number = tokens.size();
    requireLnProbs(sampled, listed, pointer);
    boolean bytes =
        !sampled.bytes().isEmpty() && listed.stream().noneMatch(c -> c.bytes().isEmpty());
    List<Candidate> distinct = distinct(listed, bytes, number);
    String key = sampled.key(bytes);
    Candidate own =
        distinct.stream()
            .filter(c -> c.key(bytes).equals(key))
            .min(Comparator.comparingDouble(c -> Math.abs(c.lnProb() - sampled.lnProb())))
            .orElse(null);
    boolean last =
        own != null && distinct.stream().allMatch(c -> c.equals(own) || c.lnProb() > own.lnProb());
    boolean outside = own == null || last;
    var entries = new ArrayList<PartialDistribution.Entry>();
    for (Candidate candidate : distinct) {
      if (!(last && candidate.equals(own))) {
        entries.add(
            new PartialDistribution.Entry(candidate.lnProb(), candidate.id(), candidate.text()));
      }
    }
    double mass = distinct.stream().mapToDouble(c -> Math.exp(c.lnProb())).sum();
    boolean complete = filtered && Math.abs(mass - 1) <= 1e-6;
    if (entries.isEmpty() && !complete) {
      notes.add(
          new Reading.Note("no_alternatives", "a token without alternatives has no row", number));
      tokens.add(token(choice, sampled, null));
      return;
    }
    if (last && distinct.getFirst().equals(own)) {
      notes.add(
          new Reading.Note(
              "sampled_outside_top_k",
              "the sampled token stands first and is the least probable: it is not of the best k",
              number));
    }
    if (filtered || looksProcessed(distinct)) {
      notes.add(
          new Reading.Note(
              "processed_logprobs",
              filtered
                  ? "these are probabilities after the samplers, not those of the model"
                  : "a log-probability of exactly 0 beside others: these look like values after"
                      + " sampling filters, not those of the model",
              number));
    }
    try {
      tokens.add(
          token(
              choice,
              sampled,
              PartialDistribution.of(
                  complete ? all(distinct) : entries,
                  outside && !complete
                      ? OptionalDouble.of(sampled.lnProb())
                      : OptionalDouble.empty(),
                  complete,
                  vocabSize)));
    } catch (InvalidInput e) {
      throw e.under(pointer);
    }
  }

  /**
   * Whether one token has all the mass although others are not as improbable as that asks for.
   * Where they are, 0 is what float32 makes of almost 1.
   */
  private static boolean looksProcessed(List<Candidate> candidates) {
    return candidates.stream().anyMatch(c -> c.lnProb() == 0)
        && candidates.stream()
            .anyMatch(
                c ->
                    c.lnProb() != 0
                        && (c.lnProb() > LN_FLOAT_STEP
                            || PartialDistribution.isSentinel(c.lnProb())));
  }

  private static void requireLnProbs(Candidate sampled, List<Candidate> listed, String pointer) {
    for (int i = 0; i < listed.size(); i++) {
      requireLnProb(listed.get(i), pointer + "/" + i);
    }
    requireLnProb(sampled, pointer);
  }

  private static void requireLnProb(Candidate candidate, String pointer) {
    if (candidate.lnProb() > Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
              pointer,
              "found "
                  + candidate.lnProb()
                  + ", expected a natural log of a probability, at most 0")
          .withHint(LOGITS);
    }
  }

  /**
   * Without what stands in the list twice. Where tokens have no ids, equal texts of another
   * log-probability are other tokens.
   */
  private List<Candidate> distinct(List<Candidate> listed, boolean bytes, int number) {
    var distinct = new LinkedHashMap<String, Candidate>();
    boolean twice = false;
    boolean namesakes = false;
    Set<String> names = new HashSet<>();
    for (Candidate candidate : listed) {
      String name = candidate.key(bytes);
      String key = candidate.id() != null ? name : name + "|" + candidate.lnProb();
      boolean known = distinct.putIfAbsent(key, candidate) != null;
      twice |= known;
      namesakes |= !names.add(name) && !known;
    }
    if (twice) {
      notes.add(
          new Reading.Note(
              "collision", "a token stands in the list twice; the first counts", number));
    }
    if (namesakes) {
      notes.add(
          new Reading.Note(
              "collision", "several tokens of the list have the same text; all count", number));
    }
    return List.copyOf(distinct.values());
  }

  private static List<PartialDistribution.Entry> all(List<Candidate> candidates) {
    return candidates.stream()
        .map(c -> new PartialDistribution.Entry(c.lnProb(), c.id(), c.text()))
        .toList();
  }

  /** A token at a floor value has a log-probability that the server did not say. */
  private Token token(int choice, Candidate sampled, @Nullable PartialDistribution row) {
    boolean known = !PartialDistribution.isSentinel(sampled.lnProb());
    if (!known && (row == null || row.repairs().isEmpty())) {
      notes.add(
          new Reading.Note(
              "sentinel", "the token's own log-probability is a floor value", tokens.size()));
    }
    return new Token(
        choice,
        sampled.text(),
        sampled.id(),
        known ? OptionalDouble.of(sampled.lnProb()) : OptionalDouble.empty(),
        row);
  }

  /** Parallel lists; the alternatives of a token are a map, in which equal texts fall together. */
  private void completion(Value chunk) {
    Value choices = child(chunk, "choices");
    if (choices == null) {
      throw chunk.wrongType("an object with choices");
    }
    isEmpty(chunk, choices, choices.asList());
    for (Value choice : choices.asList()) {
      Value logprobs = child(choice, "logprobs");
      if (logprobs == null) {
        continue;
      }
      anyLogprobs = true;
      List<Value> texts = items(child(logprobs, "tokens"));
      List<Value> own = items(child(logprobs, "token_logprobs"));
      List<Value> tops = items(child(logprobs, "top_logprobs"));
      if (own.size() != texts.size() || (!tops.isEmpty() && tops.size() != texts.size())) {
        throw new InvalidInput.ShapeMismatch(
            logprobs.pointer(),
            "found "
                + texts.size()
                + " tokens, "
                + own.size()
                + " token_logprobs and "
                + tops.size()
                + " top_logprobs");
      }
      int most = tops.stream().mapToInt(top -> fields(top).size()).max().orElse(0);
      for (int i = 0; i < texts.size(); i++) {
        if (own.get(i).isNull()) {
          continue;
        }
        Candidate sampled = candidate(texts.get(i).asText(), null, "", lnProb(own.get(i)));
        var list = new ArrayList<Candidate>();
        Value top = tops.isEmpty() ? null : tops.get(i);
        fields(top).forEach((text, lnProb) -> list.add(candidate(text, null, "", lnProb(lnProb))));
        if (!list.isEmpty() && list.size() < most - 1) {
          notes.add(
              new Reading.Note(
                  "collision",
                  "fewer alternatives than elsewhere: tokens of equal text may have fallen"
                      + " together",
                  tokens.size()));
        }
        add(index(choice), sampled, list, false, top == null ? logprobs.pointer() : top.pointer());
      }
    }
  }

  /**
   * Items of output text, or one event of a stream. The events that close a part, and the whole
   * response at the end, repeat what came piece by piece.
   */
  private void responses(Value chunk) {
    Value type = child(chunk, "type");
    if (type == null || !type.asText().startsWith("response.")) {
      output(chunk);
      return;
    }
    String event = type.asText();
    anyChunk = true;
    List<Value> entries = items(child(chunk, "logprobs"));
    String part = fields(chunk).get("output_index") + "/" + fields(chunk).get("content_index");
    if (event.endsWith(".delta")) {
      anyText |= event.contains("text") && entries.isEmpty() && saysSomething(chunk);
      read(entries, part);
    } else if (event.endsWith(".done") && !pieces.contains(part)) {
      read(entries, part);
    } else if (child(chunk, "response") != null && pieces.isEmpty()) {
      output(chunk.asFields().require("response"));
    }
  }

  private void read(List<Value> entries, String part) {
    if (!entries.isEmpty()) {
      anyLogprobs = true;
      pieces.add(part);
      entries.forEach(entry -> add(0, entry, "top_logprobs"));
    }
  }

  private void output(Value response) {
    for (Value item : items(child(response, "output"))) {
      for (Value part : items(child(item, "content"))) {
        List<Value> entries = items(child(part, "logprobs"));
        anyLogprobs |= !entries.isEmpty();
        anyText |= entries.isEmpty() && child(part, "text") != null;
        entries.forEach(entry -> add(0, entry, "top_logprobs"));
      }
    }
  }

  /**
   * What SGLang has sent of one answer.
   *
   * @param choice which of the answers it is
   * @param tokens its tokens so far
   */
  private record Sent(int choice, List<Candidate> tokens) {}

  /** Triples of log-probability, id and text. */
  private void sglang(Value chunk) {
    Value meta = child(chunk, "meta_info");
    Value own = child(meta, "output_token_logprobs");
    if (own == null) {
      return;
    }
    anyLogprobs = true;
    List<Candidate> list = own.asList().stream().map(ResponseReader::triple).toList();
    List<Value> tops = items(child(meta, "output_top_logprobs"));
    if (!tops.isEmpty() && tops.size() != list.size()) {
      throw new InvalidInput.ShapeMismatch(
          own.pointer(),
          "found " + list.size() + " tokens and " + tops.size() + " lists of alternatives");
    }
    Value id = child(meta, "id");
    String request = id == null ? "" : id.asText();
    int choice = sent.containsKey(request) ? sent.get(request).choice() : sent.size();
    List<Candidate> before = sent.containsKey(request) ? sent.get(request).tokens() : List.of();
    int from = repeats(list, before, child(meta, "completion_tokens")) ? before.size() : 0;
    for (int i = from; i < list.size(); i++) {
      Value top = tops.isEmpty() ? null : tops.get(i);
      List<Candidate> others = items(top).stream().map(ResponseReader::triple).toList();
      add(
          choice,
          list.get(i),
          others,
          false,
          top == null ? own.pointer() + "/" + i : top.pointer());
    }
    var all = new ArrayList<>(before);
    all.addAll(list.subList(from, list.size()));
    sent.put(request, new Sent(choice, all));
  }

  /**
   * Whether a chunk repeats all that came before it, as SGLang's do unless it was started with
   * incremental output.
   */
  private static boolean repeats(
      List<Candidate> list, List<Candidate> before, @Nullable Value total) {
    boolean adds =
        total != null
            && total.asInt() != list.size()
            && total.asInt() == before.size() + list.size();
    return !adds && list.size() >= before.size() && list.subList(0, before.size()).equals(before);
  }

  private static Candidate triple(Value value) {
    List<Value> parts = value.asList();
    if (parts.size() < 2) {
      throw value.wrongType("[logprob, id, text]");
    }
    Value text = parts.size() > 2 ? parts.get(2) : null;
    return candidate(
        text == null || text.isNull() ? null : text.asText(),
        parts.get(1).asInt(),
        "",
        lnProb(parts.get(0)));
  }

  private void tgi(Value chunk) {
    Value token = child(chunk, "token");
    if (token != null) {
      anyLogprobs = true;
      tgi(0, token, child(chunk, "top_tokens"));
      return;
    }
    Value details = child(chunk, "details");
    List<Value> list = items(child(details, "tokens"));
    List<Value> tops = items(child(details, "top_tokens"));
    anyLogprobs |= !list.isEmpty();
    for (int i = 0; i < list.size(); i++) {
      tgi(0, list.get(i), i < tops.size() ? tops.get(i) : null);
    }
    int sequence = 1;
    for (Value other : items(child(details, "best_of_sequences"))) {
      List<Value> own = items(child(other, "tokens"));
      List<Value> best = items(child(other, "top_tokens"));
      for (int i = 0; i < own.size(); i++) {
        tgi(sequence, own.get(i), i < best.size() ? best.get(i) : null);
      }
      sequence++;
    }
  }

  private void tgi(int choice, Value token, @Nullable Value top) {
    add(
        choice,
        candidate(token),
        items(top).stream().map(ResponseReader::candidate).toList(),
        false,
        top == null ? token.pointer() : top.pointer());
  }

  private void llamacpp(Value chunk) {
    Value probabilities = child(chunk, "completion_probabilities");
    Value list = probabilities == null ? child(chunk, "probs") : probabilities;
    if (list == null) {
      isPart(child(chunk, "stop"), child(chunk, "content"));
      return;
    }
    anyLogprobs = true;
    for (Value entry : list.asList()) {
      boolean filtered = child(entry, "top_probs") != null;
      String name = filtered ? "top_probs" : "top_logprobs";
      add(
          index(chunk),
          candidate(entry),
          candidates(entry, name),
          filtered,
          entry.pointer() + "/" + name);
    }
  }

  /** A chunk before the end that lacks log-probabilities, with text or without. */
  private void isPart(@Nullable Value end, @Nullable Value... texts) {
    boolean open = end instanceof Value.Bool(String pointer, boolean flag) && !flag;
    boolean text = false;
    for (Value value : texts) {
      text |= value instanceof Value.Text(String at, String content) && !content.isEmpty();
    }
    anyText |= open && text;
    anyChunk |= open && !text;
  }

  private void ollama(Value chunk) {
    Value logprobs = child(chunk, "logprobs");
    if (logprobs == null) {
      Value message = child(chunk, "message");
      isPart(
          child(chunk, "done"),
          child(chunk, "response"),
          child(chunk, "thinking"),
          child(message, "content"),
          child(message, "thinking"));
      return;
    }
    anyLogprobs = true;
    items(logprobs).forEach(entry -> add(0, entry, "top_logprobs"));
  }
}
