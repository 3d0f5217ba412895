package io.tokentropy.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.refusal.InvalidInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafePatternTest {
  @ParameterizedTest
  @ValueSource(strings = {"(", "[a", "a**", "(?=a)", "(?<!a)b", "\\1", "a{1001}", "*"})
  void whatRe2DoesNotHaveIsRefused(String pattern) {
    assertThatThrownBy(() -> SafePattern.of(pattern))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class)
        .hasMessageContaining("RE2's syntax");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((((a{1000}){1000}){1000}){1000})",
        "(a{0,999}b{0,999}){999}",
        "(?:[^]x]{1000}){1000}",
        "(\\Q{{\\E{900}){900}"
      })
  void repetitionsThatMultiplyAreRefusedBeforeTheyAreMade(String pattern) {
    assertThatThrownBy(() -> SafePattern.of(pattern))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class)
        .hasMessageContaining("multiply");
  }

  @ParameterizedTest(name = "the size of {0} is about that of its program")
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          abc 3
          (?:ab){100} 200
          \\d{4}-\\d{2} 7
          [a-z{}]{3} 3
          (a|b|c)+x? 8
          a{,5} 5
          """)
  void theSizeIsEstimatedFromTheText(String pattern, int program) {
    assertThat(SafePattern.of(pattern).size()).isGreaterThanOrEqualTo(program);
    assertThat(PatternSize.of(pattern))
        .isBetween(SafePattern.of(pattern).size() / 2L - 2, 6L * SafePattern.of(pattern).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a?", "()", "(a?b?)", "((a?){0,20})", "(?:|a)"})
  void longPatternsAreMatchedOnADeepStack(String part) {
    String pattern = part.repeat(16_000 / part.length()).replace("{0,20}", "{0,2}");
    assertThat(SafePattern.deep(() -> SafePattern.of(pattern).find("aab", 1, 0))).isPresent();
    String nested = "(".repeat(8_000) + "a" + ")".repeat(8_000);
    assertThat(
            SafePattern.deep(() -> SafePattern.of(nested).find("ba", 1, 0).orElseThrow().start()))
        .isEqualTo(1);
  }

  @Test
  void theWantedMatchAndGroupIsFound() {
    SafePattern pattern = SafePattern.of("(\\w)=(\\d)?");
    assertThat(pattern.groups()).isEqualTo(2);
    assertThat(pattern.find("a=1 b=2", 2, 0)).contains(new SafePattern.Place(4, 7));
    assertThat(pattern.find("a=1 b=2", 2, 2)).contains(new SafePattern.Place(6, 7));
    assertThat(pattern.find("a=", 1, 2)).isEmpty();
    assertThat(pattern.find("a=1", 2, 0)).isEmpty();
  }

  @Test
  void aRefusalInTheDeepIsThatRefusal() {
    assertThatThrownBy(() -> SafePattern.deep(() -> SafePattern.of("(")))
        .isInstanceOf(InvalidInput.ParameterOutOfRange.class);
  }
}
