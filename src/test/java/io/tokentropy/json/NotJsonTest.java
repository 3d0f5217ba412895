package io.tokentropy.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found in a body that is not JSON, and where. */
class NotJsonTest {
  private static final Reader READER = new Reader(new JsonLimits(64, 512, 256, 1 << 20));

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"a":[1,]}                   | line 1, column 8: found a trailing comma before ]
          {"a":1 , }                   | line 1, column 8: found a trailing comma before }
          [{"a":1},~]                  | line 1, column 9: found a trailing comma before ]
          {"a":1} //                   | line 1, column 9: found a comment
          {"a":1,~# x~"b":2}           | line 2, column 1: found a comment
          {"a":/* x */1}               | line 1, column 6: found a comment
          {'a':1}                      | line 1, column 2: found a single quote
          {"a,]//'":'b'}               | line 1, column 11: found a single quote
          {"a\\"',]":[1,]}             | line 1, column 13: found a trailing comma before ]
          {"ä":[None]}                 | line 1, column 8: found None
          {"a":False}                  | line 1, column 6: found False
          {"a":[1 2],"b":'c'}          | line 1, column 9: Unexpected character
          {"a":[1,,2]}                 | line 1, column 9: Unexpected character
          {"a":Nothing}                | line 1, column
          {"a":1/2}                    | line 1, column
          """)
  void theFirstThingThatIsNotJsonIsNamed(String body, String detail) {
    byte[] bytes = body.replace('~', '\n').getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> READER.read(bytes, bytes.length))
        .isInstanceOfSatisfying(
            InvalidInput.MalformedJson.class,
            e -> assertThat(e.detail()).startsWith("not JSON at " + detail));
  }
}
