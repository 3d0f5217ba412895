package io.tokentropy.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WordPiecesTest {
  private static final WordPieces PIECES =
      WordPieces.of(bytes("/all-minilm-l6-v2-q-tokenizer.json"));

  private static byte[] bytes(String resource) {
    try (InputStream in = WordPiecesTest.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Integer> ids(String... pieces) {
    var ids = new ArrayList<Integer>();
    for (String piece : pieces) {
      ids.add(PIECES.id(piece));
    }
    return ids;
  }

  private static List<Integer> of(String text) {
    return Arrays.stream(PIECES.of(text)).boxed().toList();
  }

  @Test
  void aWordIsTheLongestPiecesFromTheLeft() {
    assertThat(of("Unaffable")).isEqualTo(ids("una", "##ffa", "##ble"));
  }

  @Test
  void wordsPartAtMarksAndChineseCharacters() {
    assertThat(of("don't, 東京")).isEqualTo(ids("don", "'", "t", ",", "東", "京"));
  }

  @Test
  void accentsAndControlCharactersGo() {
    assertThat(of("Na\u00efve\u0000 cafe\u0301\u200b")).isEqualTo(ids("naive", "cafe"));
  }

  @Test
  void whatTheVocabularyCannotSpellIsOneUnknownPiece() {
    assertThat(of("\ud83e\udee0 " + "a".repeat(101))).isEqualTo(ids("[UNK]", "[UNK]"));
    assertThat(of("")).isEmpty();
  }

  @Test
  void halfASurrogatePairIsNoCharacter() {
    assertThat(of("a\ud83eb")).isEqualTo(of("ab"));
  }

  /** Made by src/build/word-pieces.py with Hugging Face's own tokenizers. */
  @Test
  void everyTextOfTheReferenceHasItsPieces() throws IOException {
    JsonNode reference = JsonMapper.shared().readTree(bytes("/word-pieces.json"));
    assertThat(reference.size()).isEqualTo(1000);
    for (JsonNode pair : reference) {
      assertThat(of(pair.get(0).asString()))
          .as(pair.get(0).toString())
          .isEqualTo(pair.get(1).valueStream().map(JsonNode::asInt).toList());
    }
  }
}
