package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How good scores are, and how a request for that can be wrong. */
class EvaluationTest extends CallTest {

  @Test
  void whatHasNoBoundOrNoCounterpartIsLeftOutWithAWarning() {
    Reply sure =
        post("/v1/evaluation/calibration", "{\"confidence\":[1],\"correct\":[false]}").ok();
    assertThat(sure.at("/data/0/log_loss").isMissingNode()).isTrue();
    assertThat(sure.at("/warnings/0/code").asString()).isEqualTo("unbounded");
    Reply right = post("/v1/evaluation/ranking", "{\"uncertainty\":[1],\"correct\":[true]}").ok();
    assertThat(right.at("/data/0/prr").isMissingNode()).isTrue();
    assertThat(right.at("/warnings/0/code").asString()).isEqualTo("one_class");
    Reply alike = post("/v1/evaluation/binary", "{\"series\":[1]}").ok();
    assertThat(alike.at("/data/0/independent_reversal").toString()).isEqualTo("[0.0,0.0,0.0]");
    assertThat(alike.at("/warnings/0/code").asString()).isEqualTo("one_class");
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          calibration | parameter_out_of_range | /confidence/1 | {"confidence":[0,1.5],"correct":[1,0]}
          calibration | shape_mismatch         | /correct      | {"confidence":[0,1],"correct":[1]}
          calibration | missing_input          | /confidence   | {"confidence":[],"correct":[]}
          calibration | parameter_out_of_range | /bins         | {"confidence":[0],"correct":[1],"bins":0}
          calibration | parameter_out_of_range | /bins         | {"confidence":[0],"correct":[1],"bins":2000000000}
          calibration | wrong_type             | /correct/0    | {"confidence":[0],"correct":[2]}
          calibration | wrong_type             | /correct/0    | {"confidence":[0],"correct":["yes"]}
          calibration | unknown_field          | /uncertainty  | {"confidence":[0],"correct":[1],"uncertainty":[1]}
          ranking     | not_finite             | /uncertainty/0| {"uncertainty":[-Infinity],"correct":[1]}
          ranking     | wrong_type             | /uncertainty/1| {"uncertainty":[1,null],"correct":[1,0]}
          binary      | wrong_type             | /series/1     | {"series":[1,"no"]}
          binary      | wrong_type             | /series/0     | {"series":[0.5]}
          binary      | parameter_out_of_range | /series/2     | {"series":["a","b","c"],"yes":"a"}
          binary      | missing_input          | /series       | {"series":[]}
          binary      | parameter_out_of_range | /max_streak   | {"series":[1],"max_streak":65}
          """)
  void badInputIsRefusedWhereItIsWrong(String of, String code, String pointer, String body) {
    post("/v1/evaluation/" + of, body).problem(422, code).pointing(pointer);
  }
}
