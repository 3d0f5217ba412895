package io.tokentropy.gateway.check;

import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.Prompt;
import java.util.Arrays;

/** Whether the ids of one server mean the same to the other. */
public final class PairCheck {
  /** Scripts, digits, blanks, emoji, and what special tokens look like. */
  static final String TEXT =
      """
      The quick brown fox jumps over 13 lazy dogs.  Two  blanks,   three,\tand a tab.
      3.14159 1,234,567 0x7f 2026-01-31T12:00:00Z 100% -1e-9
      Čeština, français, Ελληνικά, русский, עברית, العربية, हिन्दी, 中文字符, 日本語の文, 한국어.
      👩‍👩‍👧 🏳️‍🌈 🙂 e\u0301 ﬁ ½ ∑ → ﷽
      def f(x):\n    return {"a": [x, None], 'b': x**2}  # comment
      <|im_start|>user <s> </s> [INST] <|endoftext|> <bos> <eos> <think> </think>
      aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ________________ !!!!????;;;;::::
      WE hOLD tHESE tRUTHS; internationalisation, antidisestablishmentarianism, Zxqwvk.
      """
          .repeat(3);

  private PairCheck() {}

  /** The check {@code ids}: both make the same ids of a text, so that ids can be handed over. */
  public static Finding of(Engine small, Engine large, Deadline deadline) throws EngineFailed {
    int[] ofSmall = small.render(new Prompt.Text(TEXT), deadline);
    int[] ofLarge = large.render(new Prompt.Text(TEXT), deadline);
    int first = Arrays.mismatch(ofSmall, ofLarge);
    return first < 0
        ? new Finding("ids", true, "both make the same " + ofSmall.length + " ids of a text")
        : new Finding("ids", false, "the ids of a text differ at token " + first);
  }
}
