package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One listed token.
 *
 * @param bytes of its text, where the server gave them
 * @param lnProb natural log; −∞ where the server wrote a masked token
 */
record Candidate(@Nullable String text, @Nullable Integer id, String bytes, double lnProb) {
  /** vLLM writes {@code token_id:123} where it was asked to. */
  private static final Pattern NAMED_BY_ID = Pattern.compile("token_id:(\\d{1,9})");

  Candidate {
    if (id == null && text != null) {
      id = idOf(text);
    }
  }

  /** A token without an id of its own, and without bytes. */
  static Candidate of(String text, Value lnProb) {
    return new Candidate(text, null, "", lnProb(lnProb));
  }

  /** A token object, as most servers write it. */
  static Candidate read(Value entry) {
    Value token = Loose.child(entry, "token");
    Value text = token == null ? Loose.child(entry, "text") : token;
    Value id = Loose.child(entry, "id");
    Value lnProb = Loose.child(entry, "logprob");
    Value prob = Loose.child(entry, "prob");
    return new Candidate(
        text == null ? null : text.asText(),
        id == null ? null : (Integer) id.asInt(),
        Loose.child(entry, "bytes") instanceof Value.Numbers bytes ? join(bytes) : "",
        prob == null || lnProb != null ? lnProb(lnProb, entry) : lnOf(prob));
  }

  /** The token objects of a list. */
  static List<Candidate> readAll(@Nullable Value list) {
    return Loose.items(list).stream().map(Candidate::read).toList();
  }

  /** A log-probability as a server wrote it; a masked token has −∞. */
  static double lnProb(Value value) {
    return value.isMask() ? Double.NEGATIVE_INFINITY : value.asNumber();
  }

  private static double lnProb(@Nullable Value value, Value entry) {
    if (value == null) {
      throw new InvalidInput.MissingInput(entry.pointer(), "logprob is missing");
    }
    return lnProb(value);
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

  private static @Nullable Integer idOf(String text) {
    var named = NAMED_BY_ID.matcher(text);
    return named.matches() ? (Integer) Integer.parseInt(named.group(1)) : null;
  }

  /** What tells it from others: its id, or its text and, if all have them, its bytes. */
  String key(boolean withBytes) {
    return id != null ? "#" + id : (withBytes ? bytes : "") + "|" + text;
  }
}
