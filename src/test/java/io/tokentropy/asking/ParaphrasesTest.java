package io.tokentropy.asking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParaphrasesTest {
  private static final String QUESTION = "Who wrote the letter to the Romans?";

  /** Line ends are written as {@code /}. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          ["One?", "Two?"]                                        | One?;Two?
          ["One?",/ "Two?",/]                                     | One?;Two?
          Sure! Here is the list:/["One?", "Two?"]/Hope it helps. | One?;Two?
          ```json/["One?", "Two?"]/```                            | One?;Two?
          {"paraphrases": ["One?", "Two?"]}                       | One?;Two?
          [{"text": "One?"}, {"text": "Two?"}]                    | One?;Two?
          ["One?", "Two?", "Thr                                   | One?;Two?
          ["One?", "Two?"                                         | One?;Two?
          [1] and then ["One?", "Two?"]                           | One?;Two?
          ["1. One?", "2. Two?"]                                  | One?;Two?
          ["Say \\"one\\"?", "Tw\\u00f6?"]                        | Say "one"?;Twö?
          1. One?/2. Two?                                         | One?;Two?
          1) One?/2) Two?                                         | One?;Two?
          (1) One?/(2) Two?                                       | One?;Two?
          Here are two:/1. "One?"/2. "Two?"/Let me know!          | One?;Two?
          - One?/- Two?                                           | One?;Two?
          * **One?**/* **Two?**                                   | One?;Two?
          • “One?”/• “Two?”                                       | One?;Two?
          "One?",/"Two?",                                         | One?;Two?
          One?//Two?                                              | One?;Two?
          The wordings:/One?/Two?                                 | One?;Two?
          1. One?/2.                                              | One?
          Ein Satz [mit Klammer]/Noch einer                       | Ein Satz [mit Klammer];Noch einer
          """)
  void takesTheTextsOutOfWhateverAModelWrites(String reply, String expected) {
    assertThat(Paraphrases.read(reply.replace('/', '\n'))).isEqualTo(List.of(expected.split(";")));
  }

  @Test
  void nothingIsTakenOutOfNothing() {
    assertThat(Paraphrases.read("")).isEmpty();
    assertThat(Paraphrases.read(" \n \n")).isEmpty();
    assertThat(Paraphrases.read("[]")).containsExactly("[]");
  }

  @Test
  void dropsBlanksDuplicatesTheOriginalAndWhatIsMuchLonger() {
    var wordings = new Paraphrases(QUESTION, 9);
    wordings.add(
        """
        ["", "  ", "who wrote the letter to the romans", "Who is the author of Romans?",
         "Who is the author of  romans", "Romans was written by whom?", "%s"]
        """
            .formatted("x".repeat(200)));
    assertThat(wordings.found())
        .containsExactly("Who is the author of Romans?", "Romans was written by whom?");
    assertThat(wordings.missing()).isEqualTo(7);
  }

  @Test
  void takesNoMoreThanAreWanted() {
    var wordings = new Paraphrases(QUESTION, 2);
    wordings.add("[\"One?\", \"Two?\", \"Three?\"]");
    assertThat(wordings.found()).containsExactly("One?", "Two?");
  }

  @Test
  void asksForWhatIsMissingAndNamesWhatIsThere() {
    var wordings = new Paraphrases(QUESTION, 3);
    wordings.add("[\"Romans was written by whom?\"]");
    String asked = wordings.call(RunTest.sampling(100)).messages().getFirst().content();
    assertThat(asked).contains("Write 2 different", "- Romans was written by whom?", QUESTION);
  }

  /** Whatever bytes come, they are read in time and nothing breaks. */
  @Test
  void readsRandomTextsOfBracketsAndQuotes() {
    var random = new SplittableRandom(11);
    String letters = "[]{}\",:\\\n 1.a“”*-";
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      var wordings = new Paraphrases(QUESTION, 3);
      wordings.add(text.toString());
      assertThat(wordings.found())
          .as(text.toString())
          .hasSizeLessThanOrEqualTo(3)
          .doesNotHaveDuplicates()
          .allSatisfy(found -> assertThat(found).isNotBlank().doesNotContain("\n"));
    }
  }

  /** A reply of a hundred thousand brackets is no reason to stop for a minute. */
  @Test
  void readsManyBracketsOnce() {
    assertThat(Paraphrases.read("[\"a ".repeat(20_000))).isNotEmpty();
  }
}
