package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Token;
import io.tokentropy.score.AnswerScore;
import io.tokentropy.score.Piece;
import io.tokentropy.score.TextCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One answer of a response: its tokens, and which of them count. */
final class Scored {
  private final List<Integer> places;
  private final List<Token> tokens;
  private final List<Piece> pieces;
  private final @Nullable Exclusion[] why;

  /**
   * One answer.
   *
   * @param places of its tokens among those of the response
   * @param why each of them does not count; null for one that does
   */
  Scored(List<Integer> places, List<Token> tokens, @Nullable Exclusion[] why) {
    this.places = places;
    this.tokens = tokens;
    this.pieces = Texts.pieces(tokens);
    this.why = why;
  }

  List<Token> tokens() {
    return tokens;
  }

  List<Piece> pieces() {
    return pieces;
  }

  @Nullable Exclusion[] why() {
    return why;
  }

  /** Where the tokens stand among those of the response. */
  List<Integer> places() {
    return places;
  }

  /**
   * Some of its tokens.
   *
   * @param which by their places in this answer
   * @param score of those that count
   * @param skipped those that would count, but of which the server said nothing
   */
  record Part(List<Integer> which, AnswerScore score, long skipped) {}

  /** All of them. */
  Part whole() {
    return part(IntStream.range(0, tokens.size()).boxed().toList());
  }

  /** Those of a part of the text. */
  Part part(List<Integer> all) {
    var which = new ArrayList<Integer>();
    for (int i : all) {
      if (why[i] == null) {
        which.add(i);
      }
    }
    List<Token> its = which.stream().map(tokens::get).toList();
    long skipped = its.stream().filter(token -> !token.isScored()).count();
    return new Part(which, AnswerScore.of(its), skipped);
  }

  /** How much text the scored tokens make; null if one of them has none. */
  @Nullable TextCounts counts() {
    IntPredicate counts = i -> why[i] == null && tokens.get(i).isScored();
    boolean spelled =
        IntStream.range(0, tokens.size())
            .filter(counts)
            .allMatch(i -> Texts.isSpelled(tokens.get(i)));
    return spelled ? TextCounts.of(pieces, counts, i -> why[i] != null) : null;
  }
}
