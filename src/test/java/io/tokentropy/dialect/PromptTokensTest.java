package io.tokentropy.dialect;

import static io.tokentropy.dialect.Samples.READER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that were given, told from those that were written. */
class PromptTokensTest {
  private static Reading read(String json) {
    return ResponseReader.read(
        Samples.value(json), READER, null, Sent.of(OptionalInt.of(100)), Integer.MAX_VALUE);
  }

  /** P or C, and what was said of the token. */
  private static String outline(Reading reading) {
    return reading.tokens().stream()
        .map(
            token ->
                token.part().name().charAt(0)
                    + (token.lnProb().isPresent() ? "" + token.lnProb().getAsDouble() : "?"))
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"choices":[{"text":"x","logprobs":null,"prompt_logprobs":[null,{"7":{"logprob":-1.25,"rank":2},"8":{"logprob":-1,"rank":1}}]}]} | P? P-1.25
          {"choices":[{"text":"x","logprobs":null,"prompt_logprobs":[null,{"8":{"logprob":-1,"rank":1},"7":{"logprob":-1.25,"rank":3}}]}]} | P? P-1.25
          {"choices":[{"text":"x","logprobs":null,"prompt_token_ids":[3,8],"prompt_logprobs":[null,{"7":{"logprob":-1.25},"8":{"logprob":-1}}]}]} | P? P-1.0
          {"choices":[{"message":{"content":"x"},"logprobs":{"content":[{"token":"x","logprob":-2}]}}],"prompt_logprobs":[null,{"8":{"logprob":-1}}]} | P? P-1.0 C-2.0
          {"meta_info":{"input_token_logprobs":[[null,1,"a"],[-3,2,"b"]],"input_top_logprobs":[null,[[-0.1,4,"c"]]],"output_token_logprobs":[[-0.5,3,"d"]]}} | P? P-3.0 C-0.5
          {"choices":[{"text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[null,-1,-2]}}],"usage":{"prompt_tokens":2,"completion_tokens":1}} | P? P-1.0 C-2.0
          {"choices":[{"text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[null,-1,-2]}}],"usage":{"prompt_tokens":3,"total_tokens":3}} | P? P-1.0 P-2.0
          {"choices":[{"text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[null,-1,-2]}}]} | P? C-1.0 C-2.0
          {"choices":[{"finish_reason":"length","text":"ab","logprobs":{"tokens":["a","b"],"token_logprobs":[null,-1]}},{"finish_reason":"length","text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[null,-2,-3]}}],"usage":{"completion_tokens":2}} | P? C-1.0 P? P-2.0 C-3.0
          {"choices":[{"finish_reason":"stop","text":"ab","logprobs":{"tokens":["a","b"],"token_logprobs":[null,-1]}},{"finish_reason":"length","text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[null,-2,-3]}}],"usage":{"completion_tokens":2}} | P? C-1.0 P? C-2.0 C-3.0
          """)
  void eachServersPromptIsToldFromTheAnswer(String response, String outline) {
    assertThat(outline(read(response))).isEqualTo(outline);
  }

  @Test
  void theAnswerComesWithoutThePrompt() {
    Reading whole =
        read(
            """
            {"choices":[{"text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[null,-1,-9999]}}],
             "usage":{"completion_tokens":1}}\
            """);
    assertThat(outline(whole.answer())).isEqualTo("C?");
    assertThat(whole.answer().notes())
        .extracting(Reading.Note::code, Reading.Note::token)
        .containsExactlyInAnyOrder(tuple("no_alternatives", 0), tuple("sentinel", 0));
    assertThat(outline(whole.only(Part.PROMPT))).isEqualTo("P? P-1.0");
  }

  @Test
  void aPromptAloneIsTheAnswerAndSaysSo() {
    Reading answer =
        read("""
        {"choices":[{"text":"","logprobs":null,"prompt_logprobs":[null,{"8":-1}]}]}\
        """)
            .answer();
    assertThat(outline(answer)).isEqualTo("P? P-1.0");
    assertThat(answer.notes()).extracting(Reading.Note::code).contains("prompt_only");
  }

  /** The fields that tell thinking, special tokens and bytes. */
  @Test
  void whatAServerSaysOfATokenIsKept() {
    Reading tgi = read("{\"token\":{\"id\":2,\"text\":\"</s>\",\"logprob\":-1,\"special\":true}}");
    assertThat(tgi.tokens().getFirst().special()).isTrue();
    Reading chat =
        read(
            """
            [{"choices":[{"delta":{"reasoning_content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1,"bytes":[97]}]}}]},
             {"choices":[{"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-1,"bytes":[]}]}}]}]\
            """);
    assertThat(chat.tokens()).extracting(Token::thinking).containsExactly(true, false);
    assertThat(chat.tokens())
        .extracting(Token::bytes)
        .containsExactly(TokenBytes.of((byte) 97), null);
    Reading whole =
        read(
            """
            {"choices":[{"message":{"reasoning_content":"so","content":"yes"},"logprobs":{"content":[
              {"token":"<think>","logprob":-1},{"token":"so","logprob":-1},{"token":"</think>","logprob":-1},
              {"token":"yes","logprob":-1}]}}]}\
            """);
    assertThat(whole.tokens())
        .extracting(Token::thinking)
        .containsExactly(true, true, false, false);
    Reading ollama =
        read(
            """
            [{"message":{"thinking":"a","content":""},"done":false,"logprobs":[{"token":"a","logprob":-1}]},
             {"message":{"content":"b"},"done":false,"logprobs":[{"token":"b","logprob":-1}]}]\
            """);
    assertThat(ollama.tokens()).extracting(Token::thinking).containsExactly(true, false);
  }
}
