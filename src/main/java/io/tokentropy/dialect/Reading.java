package io.tokentropy.dialect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What was made of a response.
 *
 * @param dialect as which it was read
 * @param tokens in the order of the response, choice by choice within a chunk; those of a prompt
 *     stand before those of its answer
 * @param notes what was mended or looks wrong
 * @param texts of the answers by their choice, as the server wrote them beside the tokens; those
 *     that it did not write are missing
 */
public record Reading(
    Dialect dialect, List<Token> tokens, List<Note> notes, Map<Integer, String> texts) {
  public Reading {
    tokens = List.copyOf(tokens);
    notes = List.copyOf(notes);
    texts = Map.copyOf(texts);
  }

  /**
   * Something that the caller should know.
   *
   * @param token which one it concerns; −1 for the whole response
   */
  public record Note(String code, String message, int token) {
    static Note of(String code, String message) {
      return new Note(code, message, -1);
    }
  }

  /** Whether the server scored a token of a part. */
  public boolean scores(Part part) {
    return tokens.stream().anyMatch(token -> token.part() == part && token.isScored());
  }

  /** The tokens of one part, with what is to be said of them and of the whole. */
  public Reading only(Part part) {
    var kept = new ArrayList<Token>();
    var places = new int[tokens.size() + 1];
    Arrays.fill(places, -1);
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).part() == part) {
        places[i] = kept.size();
        kept.add(tokens.get(i));
      }
    }
    if (kept.size() == tokens.size()) {
      return this;
    }
    var said = new ArrayList<Note>();
    for (Note note : notes) {
      int place = note.token() < 0 ? -1 : places[note.token()];
      if (note.token() < 0 || place >= 0) {
        said.add(new Note(note.code(), note.message(), place));
      }
    }
    return new Reading(dialect, kept, said, texts);
  }

  /** The answer; of a response that scores its prompt alone, the prompt, and says so. */
  public Reading answer() {
    if (scores(Part.COMPLETION) || !scores(Part.PROMPT)) {
      return only(Part.COMPLETION);
    }
    Reading prompt = only(Part.PROMPT);
    var said = new ArrayList<>(prompt.notes());
    said.add(Note.of("prompt_only", "the response scores the tokens of the prompt alone"));
    return new Reading(dialect, prompt.tokens(), said, texts);
  }
}
