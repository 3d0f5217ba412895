package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code /v1/truncation} beside its reference vectors: refusals, shorthand, and what an answer can
 * hold.
 */
class TruncationTest extends CallTest {
  private static final String ROW = "\"probs\":[[0.4,0.3,0.15,0.1,0.05]]";

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          "top_h":0                                                  | 422 | parameter_out_of_range | /top_h
          "top_h":1.1                                                | 422 | parameter_out_of_range | /top_h
          "top_h":-0.4                                               | 422 | parameter_out_of_range | /top_h
          "top_k":-2                                                 | 422 | parameter_out_of_range | /top_k
          "top_k":1.5                                                | 422 | wrong_type             | /top_k
          "top_p":1.01                                               | 422 | parameter_out_of_range | /top_p
          "top_p":-0.1                                               | 422 | parameter_out_of_range | /top_p
          "min_p":2                                                  | 422 | parameter_out_of_range | /min_p
          "typical_p":0                                              | 422 | parameter_out_of_range | /typical_p
          "top_n_sigma":0                                            | 422 | parameter_out_of_range | /top_n_sigma
          "temperature":-1                                           | 422 | parameter_out_of_range | /temperature
          "topp":0.9                                                 | 422 | unknown_field          | /topp
          "top_p":0.9,"entropie":1                                   | 422 | unknown_field          | /entropie
          "unit":"bit"                                               | 422 | missing_input          | EMPTY
          "steps":[]                                                 | 422 | missing_input          | /steps
          "steps":[{"k":3}]                                          | 422 | missing_input          | /steps/0
          "steps":[{"sampler":"top_k"}]                              | 422 | missing_input          | /steps/0
          "steps":[{"sampler":"topk","k":3}]                         | 422 | parameter_out_of_range | /steps/0/sampler
          "steps":[{"sampler":"top_k","k":3,"n":1}]                  | 422 | unknown_field          | /steps/0/n
          "steps":[{"sampler":"top_p","p":1},{"sampler":"top_h","alpha":0}] | 422 | parameter_out_of_range | /steps/1/alpha
          "steps":[{"sampler":"top_h","variant":"papr"}]             | 422 | parameter_out_of_range | /steps/0/variant
          "steps":[{"sampler":"top_n_sigma","n":1,"ddof":2}]         | 422 | parameter_out_of_range | /steps/0/ddof
          "steps":[{"sampler":"top_k","k":3}],"top_p":0.9            | 422 | conflicting_inputs     | /steps
          "steps":[{"sampler":"top_k","k":3}],"temperature":0.9      | 422 | conflicting_inputs     | /steps
          "steps":[{"sampler":"mirostat_v2","sampled_id":9}]         | 422 | parameter_out_of_range | /steps/0/sampled_id
          "steps":[{"sampler":"top_k","k":1},{"sampler":"mirostat_v2","sampled_id":4}] | 422 | parameter_out_of_range | /steps/1/sampled_id
          "steps":[{"sampler":"adaptive_p","target":0.3,"weighted_sum":1}] | 422 | missing_input   | /steps/0/weighted_sum
          "steps":[{"sampler":"adaptive_p","target":0.3,"weighted_sum":1,"total_weight":0}] | 422 | parameter_out_of_range | /steps/0/total_weight
          "steps":[{"sampler":"xtc","probability":0.5,"u":1}]        | 422 | parameter_out_of_range | /steps/0/u
          "steps":[{"sampler":"dynamic_temperature","min_temp":2,"max_temp":1}] | 422 | parameter_out_of_range | /steps/0/max_temp
          "top_p":0.9,"return":["id"]                                | 422 | parameter_out_of_range | /return/0
          "top_p":0.9,"max_return":-1                                | 422 | parameter_out_of_range | /max_return
          "top_p":0.9,"compare":[{}]                                 | 422 | missing_input          | /compare/0
          "top_p":0.9,"compare":[{"top_h":2}]                        | 422 | parameter_out_of_range | /compare/0/top_h
          "top_p":0.9,"compare":[{"top_k":1},{"sampler":"mirostat_v2","sampled_id":9}] | 422 | parameter_out_of_range | /compare/1/sampled_id
          "top_h":0.4,"exact":true,"node_limit":0                    | 422 | parameter_out_of_range | /node_limit
          """)
  void aBadRequestIsRefusedWithItsPlace(String fields, int status, String code, String pointer) {
    post("/v1/truncation", "{" + ROW + "," + fields + "}")
        .problem(status, code)
        .pointing(pointer.equals("EMPTY") ? "" : pointer);
  }

  /** llama.cpp's default. */
  @Test
  void aFieldThatIsOffIsAnsweredAlone() {
    Reply reply = post("/v1/truncation", "{\"logits\":[[4.0,3.0]],\"top_n_sigma\":-1}").ok();
    assertThat(reply.at("/data/0/kept_count").asInt()).isEqualTo(2);
    assertThat(reply.at("/steps/0/n").asDouble()).isEqualTo(-1);
  }

  /** A list that a rule cuts, and one that nothing cuts, with what servers send for "off". */
  @Test
  void whatIsOffAsksNothingOfAList() {
    String off = ",\"top_k\":-1,\"top_p\":1,\"typical_p\":1,\"top_n_sigma\":-1,\"temperature\":1}";
    Reply best =
        post(
                "/v1/truncation",
                "{\"top_logprobs\":[[-0.5,-1.5,-3]],\"vocab_size\":9,\"min_p\":0.2" + off)
            .ok();
    assertThat(best.at("/data/0/kept_count").asInt()).isEqualTo(2);
    Reply all =
        post("/v1/truncation", "{\"top_logprobs\":[[-0.5,-1.5,-3]],\"vocab_size\":9" + off).ok();
    assertThat(all.at("/data/0/certified").asBoolean()).isFalse();
    assertThat(all.at("/data/0/kept_count_low").asInt()).isEqualTo(4);
  }

  /** min_p keeps two of the three; which are the best five is not known. */
  @Test
  void ofAListAsManyAreKeptAsItIsLong() {
    String list =
        "{\"top_logprobs\":[[-0.5,-1.5,-3]],\"vocab_size\":9,\"min_p\":0.2,\"min_tokens_to_keep\":";
    assertThat(post("/v1/truncation", list + "1}").ok().at("/data/0/kept_count").asInt())
        .isEqualTo(2);
    assertThat(post("/v1/truncation", list + "3}").ok().at("/data/0/kept_count").asInt())
        .isEqualTo(3);
    post("/v1/truncation", list + "5}").problem(422, "conflicting_inputs").pointing("/min_p");
  }

  /** The first step is off and hands its tokens on without its minimum. */
  @Test
  void theMinimumOfAStepIsItsOwn() {
    Reply reply =
        post(
                "/v1/truncation",
                "{"
                    + ROW
                    + ",\"steps\":[{\"sampler\":\"top_k\",\"k\":0,\"min_tokens_to_keep\":4},{\"sampler\":\"top_k\",\"k\":2}]}")
            .ok();
    assertThat(reply.at("/data/0/kept_count").asInt()).isEqualTo(2);
  }

  @Test
  void aPenaltyNeedsWhatCameBeforeAndTheWholeRow() {
    String row = "{" + ROW + ",";
    post("/v1/truncation", row + "\"repetition_penalty\":1.2}")
        .problem(422, "missing_input")
        .pointing("/repetition_penalty");
    post("/v1/truncation", row + "\"steps\":[{\"sampler\":\"dry\",\"multiplier\":1}]}")
        .problem(422, "missing_input")
        .pointing("/steps/0/multiplier");
    String list =
        "{\"top_logprobs\":[[-0.5,-1.5]],\"vocab_size\":9,\"top_k\":1,\"output_ids\":[0],";
    post("/v1/truncation", list + "\"presence_penalty\":1}")
        .problem(422, "conflicting_inputs")
        .pointing("/presence_penalty");
    post("/v1/truncation", list + "\"presence_penalty\":0}").ok();
    post("/v1/truncation", row + "\"presence_penalty\":1,\"output_ids\":[9]}")
        .problem(422, "parameter_out_of_range")
        .pointing("/presence_penalty");
    post("/v1/truncation", row + "\"logit_bias\":{\"5\":1}}")
        .problem(422, "parameter_out_of_range")
        .pointing("/logit_bias");
    post("/v1/truncation", row + "\"top_k\":1,\"prompt_ids\":[-1]}")
        .problem(422, "parameter_out_of_range")
        .pointing("/prompt_ids/0");
    post("/v1/truncation", "{\"probs\":[[1],[1]],\"repetition_penalty\":2,\"prompt_ids\":[0]}")
        .problem(422, "conflicting_inputs")
        .pointing("/prompt_ids");
  }

  /** Other rules start from the penalised row too, where 0.4 has become 0.4 / e = 0.147. */
  @Test
  void otherRulesAreComparedAfterThePenalties() {
    Reply reply =
        post(
                "/v1/truncation",
                "{"
                    + ROW
                    + ",\"top_k\":1,\"presence_penalty\":1,\"output_ids\":[0],\"compare\":[{\"top_k\":2}]}")
            .ok();
    assertThat(reply.at("/data/0/kept_ids").toString()).isEqualTo("[1]");
    double all = 0.6 + 0.4 / Math.E;
    assertThat(reply.at("/data/0/kept_mass").asDouble()).isCloseTo(0.3 / all, within(1e-12));
    assertThat(reply.at("/data/0/compare/0/kept_mass").asDouble())
        .isCloseTo(0.45 / all, within(1e-12));
  }

  /** ln 2 nats, once for a row, once for a list that leaves nothing out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"probs\":[[0.5,0.5]]",
        "\"top_logprobs\":[{\"top_logprobs\":[{\"id\":0,\"logprob\":-0.6931471805599453},{\"id\":1,\"logprob\":-0.6931471805599453}],\"complete\":true}],\"vocab_size\":2"
      })
  void theEntropyThatAlphaMultipliesStandsBesideTheBudget(String input) {
    Reply reply = post("/v1/truncation", "{" + input + ",\"top_h\":0.5,\"unit\":\"bit\"}").ok();
    assertThat(reply.at("/data/0/budget_entropy").asDouble()).isCloseTo(1, within(1e-9));
    assertThat(reply.at("/data/0/budget").asDouble()).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void ofAListTheEntropyThatAlphaMultipliesIsARange() {
    Reply reply =
        post("/v1/truncation", "{\"top_logprobs\":[[-0.5,-1.5]],\"vocab_size\":9,\"top_h\":0.25}")
            .ok();
    for (String end : new String[] {"low", "high"}) {
      assertThat(reply.at("/data/0/budget_" + end).asDouble())
          .isCloseTo(0.25 * reply.at("/data/0/budget_entropy_" + end).asDouble(), within(1e-15));
    }
  }

  /** At temperature ½ the row (0.6, 0.3, 0.1) is (0.783, 0.196, 0.022). */
  @Test
  void otherRulesAreComparedAtTheSameTemperature() {
    Reply reply =
        post(
                "/v1/truncation",
                "{\"probs\":[[0.6,0.3,0.1]],\"temperature\":0.5,\"top_p\":0.7,\"compare\":[{\"top_p\":0.7},{\"min_p\":0.3}]}")
            .ok();
    assertThat(reply.at("/data/0/compare/0/sampler").asString()).isEqualTo("top_p");
    assertThat(reply.at("/data/0/compare/0/kept_mass").asDouble())
        .isEqualTo(reply.at("/data/0/kept_mass").asDouble())
        .isCloseTo(36.0 / 46, within(1e-12));
    assertThat(reply.at("/data/0/compare/1/kept_count").asInt()).isEqualTo(1);
  }

  @Test
  void whatNeedsTheWholeRowIsRefusedForAList() {
    post("/v1/truncation", "{\"top_logprobs\":[[-0.5,-1.5]],\"vocab_size\":9,\"typical_p\":0.9}")
        .problem(422, "conflicting_inputs")
        .pointing("/typical_p");
    post("/v1/truncation", "{\"top_logprobs\":[[-0.5,-1.5]],\"steps\":[{\"sampler\":\"min_k\"}]}")
        .problem(422, "conflicting_inputs")
        .pointing("/steps/0");
    post("/v1/truncation", "{\"entropies\":[1.5],\"top_h\":0.4}").problem(422, "missing_input");
    post(
            "/v1/truncation",
            "{\"top_logprobs\":[[-0.5,-1.5]],\"vocab_size\":9,\"top_k\":1,\"compare\":[{\"min_k\":1}]}")
        .problem(422, "conflicting_inputs")
        .pointing("/compare/0/min_k");
  }

  @Test
  void aLaterStepIsNamedByItsPlaceForAListToo() {
    post(
            "/v1/truncation",
            """
            {"top_logprobs": [[-0.5, -1.5]], "vocab_size": 9,
             "steps": [{"sampler": "top_k", "k": 1}, {"sampler": "mirostat_v2", "sampled_id": 1}]}
            """)
        .problem(422, "parameter_out_of_range")
        .pointing("/steps/1/sampled_id");
  }

  @Test
  void anUnknownSamplerIsAnsweredWithTheNearestName() {
    assertThat(
            post("/v1/truncation", "{" + ROW + ",\"steps\":[{\"sampler\":\"top_n_sigm\"}]}")
                .at("/detail")
                .asString())
        .contains("did you mean \"top_n_sigma\"?");
  }

  @Test
  void shorthandRunsInHuggingFacesOrderAndIsEchoed() {
    Reply reply =
        post(
                "/v1/truncation",
                "{" + ROW + ",\"min_p\":0.2,\"top_p\":0.95,\"temperature\":0.5,\"top_h\":0.9}")
            .ok();
    assertThat(reply.json().get("steps").valueStream().map(s -> s.get("sampler").asString()))
        .containsExactly("temperature", "top_h", "top_p", "min_p");
    Reply again =
        post("/v1/truncation", "{" + ROW + ",\"steps\":" + reply.json().get("steps") + "}").ok();
    assertThat(again.at("/data")).isEqualTo(reply.at("/data"));
  }

  /** The ten-token row of the contract: the budget explains the cut by itself. */
  @Test
  void theBudgetExplainsTheCut() {
    Reply reply =
        post(
                "/v1/truncation",
                """
                {"logits": [[6.1, 4.7, 4.2, 3.3, 2.9, 2.2, 1.8, 1.1, 0.4, -0.6]], "top_h": 0.5,
                 "compare": [{"top_p": 0.9}, {"min_p": 0.1}, {"top_n_sigma": 1.0}]}\
                """)
            .ok();
    assertThat(reply.at("/data/0/kept_ids").toString()).isEqualTo("[0,1]");
    assertThat(reply.at("/data/0/entropy").asDouble()).isCloseTo(0.497360, within(1e-6));
    assertThat(reply.at("/data/0/budget").asDouble()).isCloseTo(0.582510, within(1e-6));
    assertThat(reply.at("/data/0/next_entropy").asDouble()).isCloseTo(0.784547, within(1e-6));
    for (int i = 0; i < 3; i++) {
      assertThat(reply.at("/data/0/compare/" + i + "/kept_count").asInt()).isEqualTo(3);
    }
  }

  @Test
  void theBitmaskHasABitForEachKeptToken() {
    Reply reply =
        post(
                "/v1/truncation",
                "{\"logits\":[[0,9,0,0,0,0,0,0,9,0]],\"top_k\":2,\"return\":[\"bitmask\",\"cutoff\"]}")
            .ok();
    assertThat(Base64.getDecoder().decode(reply.at("/data/0/bitmask").asString()))
        .containsExactly(2, 1);
    assertThat(reply.at("/data/0/cutoff").asDouble()).isEqualTo(0.5);
    assertThat(reply.at("/data/0").has("kept_ids")).isFalse();
  }

  @Test
  void aLongListIsCutWithAWarning() {
    Reply reply = post("/v1/truncation", "{" + ROW + ",\"top_p\":1,\"max_return\":2}").ok();
    assertThat(reply.at("/data/0/kept_count").asInt()).isEqualTo(5);
    assertThat(reply.at("/data/0/kept_ids").size()).isEqualTo(2);
    assertThat(reply.at("/warnings/0/code").asString()).isEqualTo("max_return");
  }

  @Test
  void aSummaryDecidesWithTheEntropyThatCameBesideTheList() {
    Reply list =
        post(
                "/v1/truncation",
                "{\"top_logprobs\":[[-2.1,-2.2,-2.3,-2.4,-2.5,-2.6]],\"vocab_size\":1000,\"top_h\":0.4}")
            .ok();
    assertThat(list.at("/data/0/certified").asBoolean()).isFalse();
    Reply summary =
        post(
                "/v1/truncation",
                "{\"summary\":[{\"entropy\":3.2,\"top_logprobs\":[-2.1,-2.2,-2.3,-2.4,-2.5,-2.6]}],\"vocab_size\":1000,\"top_h\":0.4}")
            .ok();
    assertThat(summary.at("/data/0/certified").asBoolean()).isTrue();
    assertThat(summary.at("/data/0/budget").asDouble()).isCloseTo(1.28, within(1e-12));
    assertThat(summary.at("/data/0/kept_count").asInt()).isEqualTo(3);
  }

  @Test
  void theGetTwinAnswersTheSame() {
    assertThat(get("/v1/truncation?probs=0.4,0.3,0.15,0.1,0.05&top_p=0.7").ok().text())
        .isEqualTo(post("/v1/truncation", "{" + ROW + ",\"top_p\":0.7}").ok().text());
  }
}
