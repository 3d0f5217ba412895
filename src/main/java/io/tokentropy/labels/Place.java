package io.tokentropy.labels;

import io.tokentropy.refusal.InvalidInput;
import java.util.BitSet;
import java.util.List;

/** Which token of a response is the answer. */
public sealed interface Place {
  /** The token of a number, from 0, wherever it stands. */
  record At(int index) implements Place {}

  /** The first token of the answer. */
  record First() implements Place {}

  /** The last one. */
  record Last() implements Place {}

  /** The first token of the answer that starts after a text. */
  record After(String text) implements Place {}

  /**
   * The number of the token. What a model thinks first, and the white space after it, is no part of
   * its answer.
   *
   * @param texts of all tokens, in order
   * @param thinking which of them are thinking
   * @throws InvalidInput.ParameterOutOfRange if there is no such token
   * @throws InvalidInput.MissingInput if the text is not found
   */
  default int in(List<String> texts, BitSet thinking) {
    return switch (this) {
      case At(int index) -> {
        if (index < 0 || index >= texts.size()) {
          throw new InvalidInput.ParameterOutOfRange(
              "", index, "a token of the answer, 0 to " + (texts.size() - 1));
        }
        yield index;
      }
      case First first -> Answer.of(texts, thinking).first();
      case Last last -> {
        Answer.of(texts, thinking).first();
        yield texts.size() - 1;
      }
      case After(String text) -> Answer.of(texts, thinking).after(text);
    };
  }

  /**
   * The texts of a response without what was thought first.
   *
   * @param all the whole text
   * @param start where the answer begins in it
   */
  record Answer(List<String> texts, String all, int start) {
    /** No more than this of what was searched is shown. */
    private static final int SHOWN = 120;

    static Answer of(List<String> texts, BitSet thinking) {
      String all = String.join("", texts);
      int start = texts.stream().limit(thinking.length()).mapToInt(String::length).sum();
      while (start > 0 && start < all.length() && Character.isWhitespace(all.charAt(start))) {
        start++;
      }
      return new Answer(texts, all, start);
    }

    int first() {
      return tokenFrom(start, "the response ends with its thinking; expected an answer after it");
    }

    int after(String text) {
      int found = all.indexOf(text, start);
      if (found < 0) {
        throw new InvalidInput.MissingInput(
            "/after",
            "\""
                + shown(text)
                + "\" is not in the answer; searched \""
                + shown(all.substring(start))
                + "\"");
      }
      return tokenFrom(
          found + text.length(),
          "no token starts after \"" + shown(text) + "\", which ends the answer");
    }

    private static String shown(String text) {
      return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** The first token that starts at a character or after it, and is not empty. */
    private int tokenFrom(int character, String none) {
      int start = 0;
      for (int i = 0; i < texts.size(); i++) {
        if (start >= character && !texts.get(i).isEmpty()) {
          return i;
        }
        start += texts.get(i).length();
      }
      throw new InvalidInput.MissingInput("", none);
    }
  }
}
