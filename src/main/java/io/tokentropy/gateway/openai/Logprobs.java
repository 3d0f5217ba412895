package io.tokentropy.gateway.openai;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.gateway.Piece;
import io.tokentropy.gateway.engine.Step;
import io.tokentropy.json.Answer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The log-probabilities of tokens as OpenAI writes them: as many alternatives as the client asked
 * for, though more were there. A token that its server said nothing of is left out.
 */
final class Logprobs {
  private static final char REPLACEMENT = '\ufffd';

  private final Shape shape;
  private final int alternatives;

  Logprobs(Shape shape, int alternatives) {
    this.shape = shape;
    this.alternatives = alternatives;
  }

  /**
   * Those of some pieces.
   *
   * @param offset characters of the answer before them
   */
  Answer of(List<Piece> pieces, int offset) {
    return shape == Shape.CHAT ? chat(pieces) : completion(pieces, offset);
  }

  private Answer chat(List<Piece> pieces) {
    var content = new ArrayList<Answer>();
    for (Piece piece : pieces) {
      Step step = piece.step();
      if (isScored(piece)) {
        content.add(
            token(step.text(), step.lnProb().orElseThrow(), step.bytes())
                .put("top_logprobs", best(step).stream().map(Logprobs::token).toList()));
      }
    }
    return new Answer().put("content", content);
  }

  private static boolean isScored(Piece piece) {
    return piece.shown() && piece.step().lnProb().isPresent();
  }

  private List<PartialDistribution.Entry> best(Step step) {
    PartialDistribution row = step.row();
    return row == null
        ? List.of()
        : row.best().subList(0, Math.min(alternatives, row.best().size()));
  }

  private static Answer token(PartialDistribution.Entry entry) {
    String text = text(entry);
    return token(
        text,
        entry.lnProb(),
        text.indexOf(REPLACEMENT) < 0 ? text.getBytes(StandardCharsets.UTF_8) : null);
  }

  private static Answer token(String text, double lnProb, byte @Nullable [] bytes) {
    Answer token = new Answer().put("token", text).put("logprob", lnProb);
    if (bytes == null) {
      return token.putNull("bytes");
    }
    var numbers = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      numbers[i] = bytes[i] & 0xff;
    }
    return token.put("bytes", numbers);
  }

  private static String text(PartialDistribution.Entry entry) {
    return entry.token() == null ? "" : entry.token();
  }

  private Answer completion(List<Piece> pieces, int offset) {
    var tokens = new ArrayList<String>();
    var lnProbs = new ArrayList<Double>();
    var top = new ArrayList<Answer>();
    var offsets = new ArrayList<Integer>();
    int at = offset;
    for (Piece piece : pieces) {
      OptionalDouble lnProb = piece.step().lnProb();
      if (isScored(piece)) {
        tokens.add(piece.step().text());
        lnProbs.add(lnProb.orElseThrow());
        top.add(map(best(piece.step())));
        offsets.add(at);
      }
      at += piece.text().codePointCount(0, piece.text().length());
    }
    return new Answer()
        .put("tokens", tokens)
        .put("token_logprobs", lnProbs)
        .put("top_logprobs", top)
        .put("text_offset", offsets);
  }

  /** By text, as the shape has it; of tokens with the same text the most probable stands. */
  private static Answer map(List<PartialDistribution.Entry> best) {
    Answer map = new Answer();
    var seen = new HashSet<String>();
    for (PartialDistribution.Entry entry : best) {
      if (seen.add(text(entry))) {
        map.put(text(entry), entry.lnProb());
      }
    }
    return map;
  }
}
