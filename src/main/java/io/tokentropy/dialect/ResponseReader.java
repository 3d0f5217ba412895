package io.tokentropy.dialect;

import io.tokentropy.distribution.InvalidInput;
import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.json.Memory;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
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

  private final Reader json;
  private final OptionalInt vocabSize;
  private final List<Token> tokens = new ArrayList<>();
  private final List<Reading.Note> notes = new ArrayList<>();

  /** What SGLang's stream has sent so far; each of its chunks repeats all before it. */
  private int repeated;

  private boolean anyLogprobs;
  private boolean anyChunk;

  private ResponseReader(Reader json, OptionalInt vocabSize) {
    this.json = json;
    this.vocabSize = vocabSize;
  }

  /**
   * Reads a response.
   *
   * @param json for text that holds JSON
   * @param wanted the dialect; null to tell it by the fields
   * @param vocabSize V, for the bounds of the rows
   * @throws InvalidInput.MissingInput if there are no log-probabilities; the hint names the request
   *     option that brings them
   * @throws InvalidInput.WrongType if it is no response of that dialect, or of any
   * @throws InvalidInput.NotADistribution if logits stand where log-probabilities belong
   */
  public static Reading read(
      Value response, Reader json, @Nullable Dialect wanted, OptionalInt vocabSize) {
    try {
      return reading(response, json, wanted, vocabSize);
    } catch (InvalidInput e) {
      throw e.pointer().startsWith(response.pointer()) ? e : e.under(response.pointer());
    }
  }

  private static Reading reading(
      Value response, Reader json, @Nullable Dialect wanted, OptionalInt vocabSize) {
    var reader = new ResponseReader(json, vocabSize);
    List<Value> chunks = reader.chunks(response);
    Dialect dialect = null;
    for (Value chunk : chunks) {
      Dialect found = wanted == null ? detect(chunk) : wanted;
      dialect = dialect == null ? found : dialect;
      reader.chunk(chunk, found == Dialect.VLLM ? detect(chunk) : found);
    }
    if (dialect == null) {
      throw new InvalidInput.MissingInput(response.pointer(), "the response is empty");
    }
    if (!reader.anyLogprobs && !reader.anyChunk) {
      throw new InvalidInput.MissingInput(response.pointer(), MISSING)
          .withHint("Ask the server for them: " + dialect.option() + " in the request.");
    }
    return new Reading(dialect, reader.tokens, reader.notes);
  }

  /** One value a chunk, whatever form the response has. */
  private List<Value> chunks(Value response) {
    return switch (response) {
      case Value.Items(String pointer, List<Value> items) -> items;
      case Value.Text(String pointer, String text) -> events(pointer, text);
      case Value.Obj object -> List.of(object);
      default -> throw response.wrongType("a response object, a list of chunks, or their text");
    };
  }

  /** The events of a stream: SSE's data lines, or NDJSON's lines. */
  private List<Value> events(String pointer, String text) {
    boolean sse = text.lines().anyMatch(line -> line.startsWith("data:"));
    var chunks = new ArrayList<Value>();
    int[] number = {0};
    Memory memory = json.memory();
    text.lines()
        .forEach(
            line -> {
              number[0]++;
              String body = sse && line.startsWith("data:") ? line.substring(5) : line;
              boolean event = sse ? line.startsWith("data:") : !line.isBlank();
              if (!event || body.isBlank() || body.strip().equals("[DONE]")) {
                return;
              }
              byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
              try {
                chunks.add(json.readValue(bytes, bytes.length, memory));
              } catch (InvalidInput.LimitExceeded e) {
                throw e.under(pointer);
              } catch (InvalidInput e) {
                throw new InvalidInput.MalformedJson(
                    pointer, "line " + number[0] + " of the stream: " + e.detail());
              }
            });
    return chunks;
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
    throw chunk.wrongType(
        "a response of OpenAI, vLLM, SGLang, TGI, llama.cpp or Ollama, or a chunk of one");
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

  private void chunk(Value chunk, Dialect dialect) {
    if (!(chunk instanceof Value.Obj)) {
      throw chunk.wrongType("an object");
    }
    switch (dialect) {
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
    anyChunk |= list.isEmpty() && child(chunk, "usage") != null;
    if (list.isEmpty() && child(chunk, "usage") == null) {
      throw new InvalidInput.MissingInput(choices.pointer(), "the list is empty");
    }
    for (Value choice : list) {
      anyChunk |= fields(choice).containsKey("delta");
      Value content = child(child(choice, "logprobs"), "content");
      anyLogprobs |= content != null;
      for (Value entry : items(content)) {
        add(index(choice), entry, "top_logprobs");
      }
    }
  }

  /** A token object with a list of such objects beside it, as most write it. */
  private void add(int choice, Value entry, String alternatives) {
    Candidate sampled = candidate(entry);
    var list = new ArrayList<Candidate>();
    for (Value other : items(child(entry, alternatives))) {
      list.add(candidate(other));
    }
    add(choice, sampled, list, false, entry.pointer() + "/" + alternatives);
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
        prob == null || lnProb != null ? lnProb(lnProb, entry) : Math.log(prob.asNumber()));
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
    boolean bytes =
        !sampled.bytes().isEmpty() && listed.stream().noneMatch(c -> c.bytes().isEmpty());
    String own = sampled.key(bytes);
    Set<String> seen = new HashSet<>();
    var distinct = new ArrayList<Candidate>();
    for (Candidate candidate : listed) {
      if (seen.add(candidate.key(bytes))) {
        distinct.add(candidate);
      } else {
        notes.add(
            new Reading.Note(
                "collision", "a token stands in the list twice; the first counts", number));
      }
    }
    boolean inside = seen.contains(own);
    boolean last =
        inside
            && distinct.stream()
                .allMatch(c -> c.key(bytes).equals(own) || c.lnProb() > sampled.lnProb());
    boolean outside = !inside || last;
    var entries = new ArrayList<PartialDistribution.Entry>();
    for (Candidate candidate : distinct) {
      if (!(last && candidate.key(bytes).equals(own))) {
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
    if (last && distinct.getFirst().key(bytes).equals(own)) {
      notes.add(
          new Reading.Note(
              "sampled_outside_top_k",
              "the sampled token stands first and is the least probable: it is not of the best k",
              number));
    }
    if (distinct.stream().anyMatch(c -> c.lnProb() == 0) && distinct.size() > 1) {
      notes.add(
          new Reading.Note(
              "processed_logprobs",
              "a log-probability of exactly 0 beside others: these look like values after sampling"
                  + " filters, not those of the model",
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

  private static List<PartialDistribution.Entry> all(List<Candidate> candidates) {
    return candidates.stream()
        .map(c -> new PartialDistribution.Entry(c.lnProb(), c.id(), c.text()))
        .toList();
  }

  private static Token token(int choice, Candidate sampled, @Nullable PartialDistribution row) {
    return new Token(
        choice,
        sampled.text(),
        sampled.id(),
        Double.isFinite(sampled.lnProb())
            ? OptionalDouble.of(sampled.lnProb())
            : OptionalDouble.empty(),
        row);
  }

  /** Parallel lists; the alternatives of a token are a map, in which equal texts fall together. */
  private void completion(Value chunk) {
    List<Value> choices = items(child(chunk, "choices"));
    if (choices.isEmpty() && child(chunk, "usage") == null) {
      throw new InvalidInput.MissingInput(chunk.pointer() + "/choices", "the list is empty");
    }
    anyChunk |= choices.isEmpty();
    for (Value choice : choices) {
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

  /** Items of output text, or one event of a stream. */
  private void responses(Value chunk) {
    Value type = child(chunk, "type");
    boolean event = type != null && type.asText().startsWith("response.");
    anyChunk |= event;
    if (event && child(chunk, "logprobs") != null) {
      anyLogprobs = true;
      if (type != null && type.asText().endsWith(".delta")) {
        items(child(chunk, "logprobs")).forEach(entry -> add(0, entry, "top_logprobs"));
      }
      return;
    }
    for (Value item : items(child(chunk, "output"))) {
      for (Value part : items(child(item, "content"))) {
        Value logprobs = child(part, "logprobs");
        anyLogprobs |= logprobs != null && !items(logprobs).isEmpty();
        items(logprobs).forEach(entry -> add(0, entry, "top_logprobs"));
      }
    }
  }

  /** Triples of log-probability, id and text. */
  private void sglang(Value chunk) {
    Value meta = child(chunk, "meta_info");
    Value own = child(meta, "output_token_logprobs");
    if (own == null) {
      return;
    }
    anyLogprobs = true;
    List<Value> list = own.asList();
    List<Value> tops = items(child(meta, "output_top_logprobs"));
    if (!tops.isEmpty() && tops.size() != list.size()) {
      throw new InvalidInput.ShapeMismatch(
          own.pointer(),
          "found " + list.size() + " tokens and " + tops.size() + " lists of alternatives");
    }
    int from = list.size() >= repeated ? repeated : 0;
    repeated = list.size();
    for (int i = from; i < list.size(); i++) {
      Value top = tops.isEmpty() ? null : tops.get(i);
      List<Candidate> others = items(top).stream().map(ResponseReader::triple).toList();
      add(
          0,
          triple(list.get(i)),
          others,
          false,
          top == null ? own.pointer() + "/" + i : top.pointer());
    }
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
    Value list = child(chunk, "completion_probabilities");
    if (list == null) {
      anyChunk |= child(chunk, "stop") instanceof Value.Bool(String at, boolean stop) && !stop;
      return;
    }
    anyLogprobs = true;
    for (Value entry : list.asList()) {
      boolean filtered = child(entry, "top_probs") != null;
      String name = filtered ? "top_probs" : "top_logprobs";
      add(
          0,
          candidate(entry),
          items(child(entry, name)).stream().map(ResponseReader::candidate).toList(),
          filtered,
          entry.pointer() + "/" + name);
    }
  }

  private void ollama(Value chunk) {
    Value done = child(chunk, "done");
    anyChunk |= done instanceof Value.Bool(String pointer, boolean flag) && !flag;
    Value logprobs = child(chunk, "logprobs");
    anyLogprobs |= logprobs != null;
    items(logprobs).forEach(entry -> add(0, entry, "top_logprobs"));
  }
}
