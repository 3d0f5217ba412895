package io.tokentropy.asking;

import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Other wordings of a text, as a model wrote them. It is asked for a list in JSON, and what it
 * writes may be anything: a list in prose, one that is cut off, numbered lines, quoted ones.
 */
public final class Paraphrases {
  /** The version of the words in which models are asked; other words bring other wordings. */
  public static final String PROMPT_VERSION = "1";

  private static final Pattern STRING = Pattern.compile("\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"");

  private static final Pattern MARK =
      Pattern.compile("^(?:\\(?\\d{1,3}[.):]|\\d{1,3}\\s+[-–]|[-*•–])\\s+");

  private static final Reader READER = new Reader(new JsonLimits(4, 64, 64, 1 << 20));

  private static final List<String> QUOTES =
      List.of("\"\"", "“”", "„“", "«»", "''", "‘’", "``", "**", "__");

  private final String original;
  private final int wanted;
  private final List<String> found = new ArrayList<>();
  private final Set<String> known = new HashSet<>();

  /** Looks for so many wordings of a text. */
  Paraphrases(String original, int wanted) {
    this.original = original;
    this.wanted = wanted;
    known.add(key(original));
  }

  /** Those that were found, in the order in which they were written. */
  List<String> found() {
    return List.copyOf(found);
  }

  int missing() {
    return wanted - found.size();
  }

  /** What to ask a model for those that are missing. */
  private String prompt() {
    var prompt =
        new StringBuilder("Write ")
            .append(missing())
            .append(missing() == 1 ? " other wording" : " different other wordings")
            .append(" of the text below. Keep its meaning, its language and what it asks for; do")
            .append(" not answer it. Reply with a JSON list of strings and nothing else.\n");
    if (!found.isEmpty()) {
      prompt.append("Do not repeat these:\n");
      found.forEach(text -> prompt.append("- ").append(text).append('\n'));
    }
    return prompt.append("\nText: ").append(original).toString();
  }

  /** Bytes that a wording may have: what is much longer than the text is something else. */
  static int bytesAtMost(String original) {
    return 64 + 2 * Message.bytes(original);
  }

  /**
   * Tokens in which a model can write so many wordings, or 4,096 where it would be more.
   *
   * @param count of them
   */
  static int tokensAtMost(String original, int count) {
    return (int) Math.min(4096, 64 + (long) count * (16 + Message.bytes(original)));
  }

  /** The call for those that are missing. */
  Call call(Sampling sampling) {
    return new Call(
        Call.Purpose.PERTURB, List.of(new Message(Talk.USER, prompt())), 1, sampling, false);
  }

  /** Takes from a reply what is a new wording, until there are enough. */
  void add(String reply) {
    for (String text : read(reply)) {
      if (missing() > 0
          && !text.isBlank()
          && Message.bytes(text) <= bytesAtMost(original)
          && known.add(key(text))) {
        found.add(text);
      }
    }
  }

  /** Two texts that differ in case, white space or the mark at their end alone are one. */
  static String key(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\s+", " ")
        .strip()
        .replaceAll("[\\s.!?;:…]+$", "");
  }

  /** The texts of a reply: those of the longest list in it, or its lines. */
  static List<String> read(String reply) {
    List<String> longest = List.of();
    for (int at = reply.indexOf('['); at >= 0; at = reply.indexOf('[', at + 1)) {
      List<String> list = list(reply, at + 1);
      if (list.size() > longest.size()) {
        longest = list;
      }
    }
    return longest.isEmpty() ? lines(reply) : longest;
  }

  /** The strings of a list or of its objects, also of one that breaks off. */
  private static List<String> list(String reply, int from) {
    var texts = new ArrayList<String>();
    Matcher string = STRING.matcher(reply);
    int at = from;
    while (true) {
      at = skip(reply, at);
      if (!string.region(at, reply.length()).lookingAt()) {
        return texts;
      }
      String text = text(string.group());
      if (text == null) {
        return texts;
      }
      at = skip(reply, string.end());
      if (at < reply.length() && reply.charAt(at) == ':') {
        at++;
      } else {
        texts.add(clean(text));
      }
    }
  }

  /** The next place at which neither white space is nor what parts strings from one another. */
  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length()
        && (Character.isWhitespace(text.charAt(at)) || ",{}".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }

  private static @Nullable String text(String literal) {
    byte[] json = ("{\"text\":" + literal + "}").getBytes(StandardCharsets.UTF_8);
    try {
      return READER.read(json, json.length).require("text").asText();
    } catch (InvalidInput e) {
      return null;
    }
  }

  /** The lines of a reply; where some are numbered or marked, only those. */
  private static List<String> lines(String reply) {
    var marked = new ArrayList<String>();
    var plain = new ArrayList<String>();
    for (String each : reply.lines().toList()) {
      String line = each.strip();
      Matcher mark = MARK.matcher(line);
      if (mark.find()) {
        marked.add(clean(line.substring(mark.end())));
      } else if (!line.isEmpty() && !line.endsWith(":") && !line.startsWith("```")) {
        plain.add(clean(line));
      }
    }
    return marked.isEmpty() ? plain : marked;
  }

  /** A text without a number before it and without quotes around it, in one line. */
  private static String clean(String text) {
    String clean = text.replaceAll("\\s+", " ").strip();
    Matcher mark = MARK.matcher(clean);
    if (mark.find()) {
      clean = clean.substring(mark.end()).strip();
    }
    if (clean.endsWith("\",") || clean.endsWith("”,")) {
      clean = clean.substring(0, clean.length() - 1);
    }
    for (boolean more = true; more; ) {
      more = false;
      for (String pair : QUOTES) {
        String inner = within(clean, pair);
        more |= !inner.equals(clean);
        clean = inner;
      }
    }
    return clean;
  }

  private static String within(String text, String pair) {
    boolean doubled = pair.equals("**") || pair.equals("__");
    String open = doubled ? pair : pair.substring(0, 1);
    String close = doubled ? pair : pair.substring(1);
    boolean quoted =
        text.length() > open.length() + close.length()
            && text.startsWith(open)
            && text.endsWith(close);
    return quoted ? text.substring(open.length(), text.length() - close.length()).strip() : text;
  }
}
