package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/ensemble} and {@code /v1/compare}: what is read, refused and answered. */
class CompareTest extends CallTest {
  private static List<String> codes(Reply reply) {
    var codes = new ArrayList<String>();
    reply.ok().json().path("warnings").forEach(w -> codes.add(w.get("code").asString()));
    return codes;
  }

  /** Quotes are single here. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          /v1/ensemble | {}                                                             | missing_input          |
          /v1/ensemble | {'members':[]}                                                 | missing_input          | /members
          /v1/ensemble | {'members':[{}]}                                               | missing_input          | /members/0
          /v1/ensemble | {'members':[{'top_logprobs':[-1]}]}                            | missing_input          | /members/0
          /v1/ensemble | {'members':[{'probs':[1,0]},{'probs':[1]}]}                    | ragged_rows            | /members/1/probs
          /v1/ensemble | {'probs':[[1,0],[1]]}                                          | ragged_rows            | /probs/1
          /v1/ensemble | {'members':[{'probs':[[1,0],[1,0]]}]}                          | shape_mismatch         | /members/0/probs
          /v1/ensemble | {'members':[{'probs':[1,0]}],'probs':[1,0]}                    | conflicting_inputs     | /probs
          /v1/ensemble | {'members':[{'probs':[1,0]}],'temperature':2}                  | conflicting_inputs     | /temperature
          /v1/ensemble | {'members':[{'probs':[1,0],'logits':[1,0]}]}                   | conflicting_inputs     | /members/0/probs
          /v1/ensemble | {'members':[{'probs':[0.5,0.6]}]}                              | not_a_distribution     | /members/0/probs
          /v1/ensemble | {'members':[{'logits':[1,2],'temperature':0}]}                 | parameter_out_of_range | /members/0/temperature
          /v1/ensemble | {'probs':[[1,0],[0,1]],'weights':[1]}                          | shape_mismatch         | /weights
          /v1/ensemble | {'probs':[[1,0],[0,1]],'weights':[1,-1]}                       | parameter_out_of_range | /weights/1
          /v1/ensemble | {'probs':[[1,0],[0,1]],'weights':[0,0]}                        | parameter_out_of_range | /weights
          /v1/ensemble | {'probs':[[1,0],[0,1]],'weights':[1,1],'log_likelihoods':[0,0]} | conflicting_inputs    | /weights
          /v1/ensemble | {'probs':[[1,0],[0,1]],'log_likelihoods':[0]}                  | shape_mismatch         | /log_likelihoods
          /v1/ensemble | {'probs':[[1,0],[0,1]],'log_likelihoods':[null,'-inf']}        | parameter_out_of_range | /log_likelihoods
          /v1/ensemble | {'probs':[[1,0],[0,1]],'log_likelihoods':[0,null],'prior':[0,1]} | parameter_out_of_range | /log_likelihoods
          /v1/ensemble | {'probs':[[1,0],[0,1]],'log_likelihoods':[0,0],'prior':[1,-1]} | parameter_out_of_range | /prior/1
          /v1/ensemble | {'probs':[[1,0],[0,1]],'prior':[1,1]}                          | missing_input          |
          /v1/ensemble | {'probs':[1,0],'max_return':-1}                                | parameter_out_of_range | /max_return
          /v1/ensemble | {'items':[]}                                                   | missing_input          | /items
          /v1/ensemble | {'probs':[1,0],'weight':[1]}                                   | unknown_field          | /weight
          /v1/compare  | {'candidate':{'probs':[1,0]}}                                  | missing_input          |
          /v1/compare  | {'reference':[1,0],'candidate':{'probs':[1,0]}}                | wrong_type             | /reference
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0,0]}}     | shape_mismatch         | /candidate/probs
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'label':2} | parameter_out_of_range | /label
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'label':-1} | parameter_out_of_range | /label
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'renyi_orders':[1,-1]} | parameter_out_of_range | /renyi_orders/1
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'embeddings':[[1]]} | shape_mismatch | /embeddings
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'embeddings':[[1],[1,2]]} | ragged_rows | /embeddings/1
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'embeddings':[[1],[0]]} | parameter_out_of_range | /embeddings/1
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'embeddings':[[1],[]]} | missing_input | /embeddings/1
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1,0]},'coupling':'optimal'} | parameter_out_of_range | /coupling
          /v1/compare  | {'reference':{'probs':[1,0]},'candidate':{'probs':[1]},'coupling':'maximal','label':0} | shape_mismatch | /candidate/probs
          /v1/compare  | {'reference':{'probs':[1,0],'weight':1},'candidate':{'probs':[1,0]}} | unknown_field     | /reference/weight
          """)
  void badInputIsRefusedWhereItStands(String path, String body, String code, String pointer) {
    post(path.strip(), body.replace('\'', '"'))
        .problem(422, code)
        .pointing(pointer == null ? "" : pointer);
  }

  @Test
  void aBadItemDoesNotSpoilTheOthers() {
    Reply reply =
        post(
            "/v1/ensemble",
            """
            {"items": [{"probs": [[1, 0], [0, 1]]}, {"probs": [[1, 0]], "weights": [1, 2]}, {"probs": [1, 0]}]}\
            """);
    assertThat(reply.ok().at("/data/0/epistemic").asDouble()).isCloseTo(Math.log(2), within(1e-15));
    assertThat(reply.at("/data/1/error/code").asString()).isEqualTo("shape_mismatch");
    assertThat(reply.at("/data/1/error/errors/0/pointer").asString()).isEqualTo("/items/1/weights");
    assertThat(reply.at("/data/2/index").asInt()).isEqualTo(2);
  }

  @Test
  void aBadVectorOfAnItemIsNamedInThatItem() {
    Reply reply =
        post(
            "/v1/compare",
            """
            {"items": [{"reference": {"probs": [1]}, "candidate": {"probs": [1]}, "embeddings": [[0]]}]}\
            """);
    assertThat(reply.ok().at("/data/0/error/errors/0/pointer").asString())
        .isEqualTo("/items/0/embeddings/0");
  }

  @Test
  void whatIsInfiniteIsLeftOutWithAWarning() {
    Reply ensemble = post("/v1/ensemble", "{\"probs\": [[1, 0], [0, 1]]}");
    assertThat(codes(ensemble)).containsExactly("unbounded");
    assertThat(ensemble.at("/data/0").has("epkl")).isFalse();
    Reply compared =
        post(
            "/v1/compare",
            """
            {"reference": {"probs": [1, 0]}, "candidate": {"probs": [0, 1]}, "label": 0, "renyi_orders": [0.5, 2]}\
            """);
    assertThat(codes(compared)).containsExactly("unbounded");
    JsonNode item = compared.at("/data/0");
    for (String name : List.of("kl", "reverse_kl", "cross_entropy", "pld")) {
      assertThat(item.has(name)).as(name).isFalse();
    }
    assertThat(item.get("renyi_divergence").size()).isEqualTo(2);
    assertThat(item.at("/renyi_divergence/0").isNull()).isTrue();
    assertThat(item.get("tv").asDouble()).isEqualTo(1);
  }

  @Test
  void sureMembersThatAgreeHaveNothingToShare() {
    Reply reply = post("/v1/ensemble", "{\"probs\": [[1, 0], [1, 0]]}");
    assertThat(codes(reply)).containsExactly("undefined");
    assertThat(reply.at("/data/0/total").asDouble()).isZero();
    assertThat(reply.at("/data/0").has("epistemic_share")).isFalse();
  }

  @Test
  void bitsAreNatsByLnTwo() {
    String body = "{'probs':[[0.5,0.25,0.25],[0.25,0.5,0.25]],'unit':'@'}".replace('\'', '"');
    JsonNode nats = post("/v1/ensemble", body.replace("@", "nat")).ok().at("/data/0");
    JsonNode bits = post("/v1/ensemble", body.replace("@", "bit")).ok().at("/data/0");
    for (String name : List.of("total", "aleatoric", "epistemic", "epkl", "rmi")) {
      assertThat(bits.get(name).asDouble() * Math.log(2))
          .as(name)
          .isCloseTo(nats.get(name).asDouble(), within(1e-14));
    }
    assertThat(bits.get("variance")).isEqualTo(nats.get("variance"));
  }

  @Test
  void longListsAreLeftOutUnlessTheyAreWanted() {
    String row = "[" + "0,".repeat(1000) + "0]";
    Reply left = post("/v1/ensemble", "{\"logits\": [" + row + "," + row + "]}");
    assertThat(codes(left)).containsExactly("not_listed");
    assertThat(left.at("/data/0").has("mean")).isFalse();
    Reply listed =
        post("/v1/ensemble", "{\"max_return\": 1001, \"logits\": [" + row + "," + row + "]}");
    assertThat(listed.ok().at("/data/0/mean").size()).isEqualTo(1001);
  }

  @Test
  void aRenormalisedRowIsSaid() {
    Reply reply =
        post(
            "/v1/compare",
            """
            {"reference": {"probs": [0.5, 0.4995]}, "candidate": {"probs": [0.5, 0.5]}}\
            """);
    assertThat(codes(reply)).containsExactly("renormalised");
  }

  @Test
  void rowsOfDifferentLengthsAreCoupledOnly() {
    Reply reply =
        post(
            "/v1/compare",
            """
            {"reference": {"probs": [1]}, "candidate": {"probs": [0.5, 0.5]}, "coupling": "maximal"}\
            """);
    assertThat(codes(reply)).containsExactly("different_vocabularies");
    assertThat(reply.at("/data/0").has("kl")).isFalse();
    assertThat(reply.at("/data/0/cells/1/1").asInt()).isEqualTo(1);
    assertThat(reply.at("/data/0/mutual_information").asDouble()).isZero();
  }

  /** A masked token, in any kind of row, is a probability of 0. */
  @Test
  void kindsOfRowsMayBeMixed() {
    Reply reply =
        post(
            "/v1/compare",
            """
            {"reference": {"logits": [0, null, 0]}, "candidate": {"probs": [0.5, 0, 0.5]}}\
            """);
    assertThat(reply.ok().at("/data/0/kl").asDouble()).isCloseTo(0, within(1e-15));
    Reply base64 =
        post(
            "/v1/ensemble",
            """
            {"logits": {"dtype": "f32", "shape": [2, 4], "data": "AAAAAAAAAAAAAAAAAAAAAAAAgD8AAABAAABAQAAAgEA="}}\
            """);
    assertThat(base64.ok().at("/precision").asString()).isEqualTo("f32");
    assertThat(base64.at("/data/0/members").asInt()).isEqualTo(2);
  }
}
