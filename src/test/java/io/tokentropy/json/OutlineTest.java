package io.tokentropy.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the parts of a JSON text stand, and what is left when some are changed. */
class OutlineTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] json, Outline.Part part) {
    return new String(json, part.from(), part.to() - part.from(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"a\":1,\"b\":[2,{\"c\":3}]}        | a b   | 1, [2,{\"c\":3}]",
        " { \"a\" : \"x,}\\\"\" , \"b\" :true } | a b   | \"x,}\\\"\", true",
        "{\"\\u0061\":null,\"ä\":-1.5e3}      | a ä   | null, -1.5e3",
        "[1, \"]\" ,{} ]                      |       | 1, \"]\", {}",
        "{}                                   |       | ",
        "\"text\"                             |       | ",
      })
  void everyPartHasItsPlace(String json, String names, String values) {
    byte[] body = bytes(json);
    List<Outline.Part> parts = Outline.of(body, 0);
    assertThat(String.join(" ", parts.stream().map(Outline.Part::name).toList()).strip())
        .isEqualTo(names == null ? "" : names);
    assertThat(String.join(", ", parts.stream().map(part -> text(body, part)).toList()))
        .isEqualTo(values == null ? "" : values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{ \"a\":1 , \"b\":2,\"c\":3 } | a | { \"b\":2,\"c\":3 }",
        "{ \"a\":1 , \"b\":2,\"c\":3 } | b | { \"a\":1,\"c\":3 }",
        "{ \"a\":1 , \"b\":2,\"c\":3 } | c | { \"a\":1 , \"b\":2 }",
        "{ \"a\":1 }                   | a | {  }",
      })
  void aMemberGoesWithItsComma(String json, String name, String left) {
    List<Outline.Part> members = Outline.of(bytes(json), 0);
    var edits = new Edits().remove(members, Outline.find(members, name).orElseThrow());
    assertThat(new String(edits.of(bytes(json)), StandardCharsets.UTF_8)).isEqualTo(left);
  }

  @Test
  void editsMayComeInAnyOrder() {
    var edits = new Edits().replace(4, 5, "X").replace(1, 2, "").replace(3, 3, "Y");
    assertThat(new String(edits.of(bytes("abcdef")), StandardCharsets.UTF_8)).isEqualTo("acYdXf");
    assertThat(Outline.of(bytes("{\"a\":[1]}"), Outline.of(bytes("{\"a\":[1]}"), 0), "b"))
        .isEmpty();
  }
}
