package io.tokentropy.entailment;

import io.tokentropy.dialect.Reading;
import io.tokentropy.dialect.ResponseReader;
import io.tokentropy.dialect.Sent;
import io.tokentropy.dialect.Token;
import io.tokentropy.distribution.Interval;
import io.tokentropy.json.Answer;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.labels.Label;
import io.tokentropy.labels.LabelFigures;
import io.tokentropy.labels.LabelSet;
import io.tokentropy.labels.Match;
import io.tokentropy.labels.Seen;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import io.tokentropy.upstream.UpstreamFailed;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A language model behind OpenAI's chat completions that is asked about each pair: yes, no, or
 * neither. Its word is not taken: what counts is how probable each of the three was, given that it
 * was one of them.
 */
public final class ChatJudge implements Judge {
  /** As many as such servers give. */
  private static final int ALTERNATIVES = 20;

  /** The answer is one token; white space may stand before it. */
  private static final int TOKENS = 3;

  private static final int MAX_ANSWER = 1 << 20;

  private static final LabelSet WORDS =
      new LabelSet(List.of(label("yes"), label("no"), label("neither")), Match.FOLD, false);

  private static final int YES = 0;
  private static final int NO = 1;

  /** Sends a body to {@code /v1/chat/completions} and gives the answer with status 200. */
  public interface Server {
    byte[] ask(byte[] json) throws UpstreamFailed;
  }

  private final Server server;
  private final String model;
  private final int atOnce;
  private final Reader reader = new Reader(new JsonLimits(16, 64, 256, 2L * MAX_ANSWER));

  /**
   * Nothing is sent yet.
   *
   * @param model that the server is asked for
   * @param atOnce calls under way, at least 1
   */
  public ChatJudge(Server server, String model, int atOnce) {
    this.server = server;
    this.model = model;
    this.atOnce = atOnce;
  }

  private static Label label(String word) {
    return new Label(word, List.of(), List.of(word), OptionalDouble.empty());
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public int atOnce() {
    return atOnce;
  }

  @Override
  public Verdict judge(Pair pair) {
    Wanted.orStop();
    byte[] answer;
    try {
      answer = server.ask(request(pair));
    } catch (UpstreamFailed e) {
      throw new JudgeUnavailable("the server that judges entailment " + e.getMessage(), e);
    }
    try {
      return verdict(
          ResponseReader.read(
              reader.readValue(answer, answer.length),
              reader,
              null,
              Sent.of(OptionalInt.empty()),
              TOKENS));
    } catch (InvalidInput e) {
      throw new JudgeUnavailable(
          "the answer of the server that judges entailment cannot be read: " + e.detail(), e);
    }
  }

  private byte[] request(Pair pair) {
    Answer message = new Answer().put("role", "user").put("content", prompt(pair));
    return new Answer()
        .put("model", model)
        .put("messages", List.of(message))
        .put("max_tokens", TOKENS)
        .put("temperature", 0.0)
        .put("logprobs", true)
        .put("top_logprobs", ALTERNATIVES)
        .toBytes();
  }

  private static String prompt(Pair pair) {
    return (pair.question() == null ? "" : "Question: " + pair.question() + "\n")
        + "First answer: "
        + pair.first()
        + "\nSecond answer: "
        + pair.second()
        + "\n\nSuppose that the first answer is right. Is the second answer then right as well?"
        + " Reply with one word: yes if it must be right, no if it must be wrong, neither if it"
        + " may be either.";
  }

  /** What the first token that is not blank says. */
  private static Verdict verdict(Reading reading) {
    Token token =
        reading.tokens().stream()
            .filter(each -> !Match.FOLD.key(Objects.requireNonNullElse(each.text(), "")).isEmpty())
            .findFirst()
            .orElseThrow(() -> new JudgeUnavailable("the judge wrote nothing", null));
    if (token.row() == null) {
      throw new JudgeUnavailable("the judge gave no alternatives to its word", null);
    }
    var sampled =
        new Seen(token.id(), token.text(), token.lnProb().orElse(Double.NEGATIVE_INFINITY));
    LabelFigures found = WORDS.of(token.row(), sampled);
    LabelFigures.Given given = found.given();
    if (given == null || found.labels().stream().allMatch(word -> word.seen().isEmpty())) {
      throw new JudgeUnavailable(
          "the judge's best tokens hold neither yes, nor no, nor neither", null);
    }
    Interval yes = given.probs().get(YES);
    Interval no = given.probs().get(NO);
    double least = Math.min(yes.midpoint(), 1 - no.midpoint());
    return new Verdict(
        Math.max(0, least), no.midpoint(), Math.max(yes.high() - yes.low(), no.high() - no.low()));
  }
}
