package io.tokentropy.endpoint.score;

import io.tokentropy.dialect.Token;
import io.tokentropy.dialect.TokenBytes;
import io.tokentropy.score.Piece;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What tokens add to a text. */
final class Texts {
  private static final byte[] NOTHING = {};

  /** Marks of templates, as vocabularies spell them. */
  private static final Pattern MARK =
      Pattern.compile("<\\|[^<>|\\s]{1,64}\\|>|</?s>|<(?:eos|bos|pad|unk|(?:start|end)_of_turn)>");

  private Texts() {}

  /** The pieces of all tokens; one whose text is not known adds nothing. */
  static List<Piece> pieces(List<Token> tokens) {
    return tokens.stream().map(Texts::piece).toList();
  }

  private static Piece piece(Token token) {
    TokenBytes bytes = token.bytes();
    String text = text(token);
    return new Piece(
        bytes != null
            ? bytes.toArray()
            : text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8),
        token.thinking() || isSpecial(token));
  }

  /** Whether it is known what a token says. */
  static boolean isSpelled(Token token) {
    return token.bytes() != null || text(token) != null;
  }

  /** Its text; null where there is none, or an id in its place. */
  private static @Nullable String text(Token token) {
    String text = token.text();
    return text == null || text.equals("token_id:" + token.id()) ? null : text;
  }

  /** Whether a token is no text but a mark, by the server's word or by its look. */
  static boolean isSpecial(Token token) {
    String text = token.text();
    return token.special() || (text != null && MARK.matcher(text).matches());
  }

  /** Whether a token is white space alone. */
  static boolean isBlank(Token token) {
    String text = token.text();
    return text != null && !text.isEmpty() && text.isBlank();
  }
}
