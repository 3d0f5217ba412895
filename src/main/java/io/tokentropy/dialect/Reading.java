package io.tokentropy.dialect;

import java.util.List;

/**
 * What was made of a response.
 *
 * @param dialect as which it was read
 * @param tokens in the order of the response, choice by choice within a chunk
 * @param notes what was mended or looks wrong
 */
public record Reading(Dialect dialect, List<Token> tokens, List<Note> notes) {
  public Reading {
    tokens = List.copyOf(tokens);
    notes = List.copyOf(notes);
  }

  /**
   * Something that the caller should know.
   *
   * @param token which one it concerns
   */
  public record Note(String code, String message, int token) {}
}
