package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Part;
import io.tokentropy.dialect.Token;
import io.tokentropy.endpoint.Warning;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Value;
import io.tokentropy.score.Thinking;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Why a token does not count; one that has several reasons has the first. */
enum Exclusion {
  PROMPT,
  THINKING,
  SPECIAL,
  WHITESPACE;

  String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Those that a caller wants. */
  static Set<Exclusion> read(Fields fields) {
    Set<Exclusion> wanted = EnumSet.noneOf(Exclusion.class);
    for (Value each : fields.list("exclude")) {
      wanted.add(Fields.word(each, Exclusion.class, Exclusion::wire));
    }
    return wanted;
  }

  /**
   * Why each of the tokens of one answer does not count; null for one that does.
   *
   * @param tags around thinking, for servers that have no field for it
   */
  static @Nullable Exclusion[] of(
      List<Token> tokens, Set<Exclusion> wanted, List<Thinking.Tag> tags, List<Warning> warnings) {
    var why = new @Nullable Exclusion[tokens.size()];
    Thinking thinking = wanted.contains(THINKING) ? Thoughts.of(tokens, tags) : Thinking.NONE;
    if (!thinking.closed()) {
      warnings.add(
          Warning.of(
              "thinking_open",
              "a tag of thinking is opened and not closed, or closed and not opened: all tokens up"
                  + " to that end of the answer count as thinking"));
    }
    for (int i = 0; i < why.length; i++) {
      Token token = tokens.get(i);
      for (Exclusion reason : wanted) {
        boolean holds =
            switch (reason) {
              case PROMPT -> token.part() == Part.PROMPT;
              case THINKING -> thinking.tokens().get(i);
              case SPECIAL -> Texts.isSpecial(token);
              case WHITESPACE -> Texts.isBlank(token);
            };
        why[i] = holds && why[i] == null ? reason : why[i];
      }
    }
    return why;
  }

  /** How many tokens were left out for which reason; null if none were. */
  static @Nullable List<Answer> count(@Nullable Exclusion[] why) {
    var list = new ArrayList<Answer>();
    for (Exclusion reason : values()) {
      long tokens = Arrays.stream(why).filter(each -> each == reason).count();
      if (tokens > 0) {
        list.add(new Answer().put("reason", reason.wire()).put("tokens", tokens));
      }
    }
    return list.isEmpty() ? null : list;
  }
}
