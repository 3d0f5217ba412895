package io.tokentropy.dialect;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One listed token.
 *
 * @param bytes of its text, where the server gave them
 * @param special whether the server says that it is no text
 * @param lnProb natural log; −∞ where the server wrote a masked token, NaN where it wrote nothing
 */
record Candidate(
    @Nullable String text,
    @Nullable Integer id,
    @Nullable TokenBytes bytes,
    boolean special,
    double lnProb) {
  private static final String LOGITS =
      "Are these logits? vLLM writes them here if it was started with --logprobs-mode raw_logits or"
          + " processed_logits; expected raw_logprobs.";

  /** vLLM writes {@code token_id:123} where it was asked to. */
  private static final Pattern NAMED_BY_ID = Pattern.compile("token_id:(\\d{1,9})");

  private static final List<String> TEXTS = List.of("token", "text", "tok_str", "decoded_token");
  private static final List<String> LN_PROBS =
      List.of("logprob", "logProbability", "log_probability");
  private static final List<String> IDS = List.of("id", "token_id", "tokenId");

  Candidate {
    if (id == null && text != null) {
      id = idOf(text);
    }
  }

  Candidate(@Nullable String text, @Nullable Integer id, double lnProb) {
    this(text, id, null, false, lnProb);
  }

  /** A token object, as most servers write it; null as a log-probability is a masked token. */
  static Candidate read(Value entry) {
    return read(entry, Double.NEGATIVE_INFINITY);
  }

  /** The token object of the sampled token, whose log-probability may have been left out. */
  static Candidate readSampled(Value entry) {
    return read(entry, Double.NaN);
  }

  /** The token object of a token of which at most the name is given. */
  static Candidate readUnscored(Value entry) {
    return named(entry, Double.NaN);
  }

  private static Candidate read(Value entry, double absent) {
    return named(entry, lnProb(entry, absent));
  }

  private static Candidate named(Value entry, double lnProb) {
    Value text = Loose.first(entry, TEXTS);
    Integer id = id(Loose.first(entry, IDS));
    boolean number = text instanceof Value.Num;
    return new Candidate(
        text == null || number ? null : text.asText(),
        number && id == null ? id(text) : id,
        TokenBytes.read(Loose.child(entry, "bytes")),
        Loose.isTrue(Loose.child(entry, "special")),
        lnProb);
  }

  /** The token objects of a list. */
  static List<Candidate> readAll(@Nullable Value list) {
    return Loose.items(list).stream().map(Candidate::read).toList();
  }

  /** A log-probability as a server wrote it; a masked token has −∞. */
  static double lnProb(Value value) {
    if (value.isMask()) {
      return Double.NEGATIVE_INFINITY;
    }
    double lnProb = value.asNumber();
    if (lnProb > Distribution.MASS_TOLERANCE) {
      throw new InvalidInput.NotADistribution(
              value.pointer(),
              "found " + lnProb + ", expected a natural log of a probability, at most 0")
          .withHint(LOGITS);
    }
    return lnProb;
  }

  private static double lnProb(Value entry, double absent) {
    Value lnProb = Loose.first(entry, LN_PROBS);
    Value prob = Loose.child(entry, "prob");
    if (lnProb != null) {
      return lnProb(lnProb);
    }
    if (prob != null) {
      return lnOf(prob);
    }
    if (LN_PROBS.stream().noneMatch(Loose.fields(entry)::containsKey)) {
      throw new InvalidInput.MissingInput(entry.pointer(), "logprob is missing");
    }
    return absent;
  }

  private static double lnOf(Value prob) {
    double number = prob.asNumber();
    if (!(number >= 0 && number <= 1 + Distribution.MASS_TOLERANCE)) {
      throw new InvalidInput.NotADistribution(
          prob.pointer(), "found " + number + ", expected a probability");
    }
    return Math.log(number);
  }

  /** A token id; null where there is none, as servers write −1 for. */
  static @Nullable Integer id(@Nullable Value value) {
    if (value instanceof Value.Num(String at, double number, Long integer)
        && integer != null
        && integer >= 0
        && integer <= Integer.MAX_VALUE) {
      return integer.intValue();
    }
    return null;
  }

  private static @Nullable Integer idOf(String text) {
    var named = NAMED_BY_ID.matcher(text);
    return named.matches() ? (Integer) Integer.parseInt(named.group(1)) : null;
  }

  /** The token of which nothing more is known. */
  Token token(Slot slot) {
    return new Token(
        slot.choice(),
        slot.part(),
        text,
        id,
        bytes,
        slot.thinking(),
        special,
        OptionalDouble.empty(),
        false,
        null);
  }

  /** Whether the server said how probable it is. */
  boolean isSaid() {
    return !Double.isNaN(lnProb);
  }

  /** Whether it is the same token: of the same id, where both have one, or the same text. */
  boolean isSame(Candidate other, boolean withBytes) {
    return (id != null && other.id != null)
        ? id.equals(other.id)
        : Objects.equals(text, other.text) && (!withBytes || Objects.equals(bytes, other.bytes));
  }

  /** What tells it from others: its id, or its text and, if all have them, its bytes. */
  String key(boolean withBytes) {
    return id != null ? ("#" + id) : ((withBytes ? bytes : "") + "|" + text);
  }
}
