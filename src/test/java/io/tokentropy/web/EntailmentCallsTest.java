package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.entailment.Judge;
import io.tokentropy.web.call.PlainCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Texts of which a judge says what follows from what. */
class EntailmentCallsTest {
  /** The towns that answers name: the same is entailed, another is contradicted. */
  private static final class Towns implements Judge {
    private final List<Pair> asked = new CopyOnWriteArrayList<>();

    @Override
    public String model() {
      return "towns";
    }

    @Override
    public int atOnce() {
      return 2;
    }

    @Override
    public Verdict judge(Pair pair) {
      asked.add(pair);
      boolean same = town(pair.first()).equals(town(pair.second()));
      return same ? new Verdict(0.75, 0.125, 0.25) : new Verdict(0.125, 0.75, 0.125);
    }

    private static String town(String answer) {
      return answer.substring(answer.lastIndexOf(' ') + 1);
    }
  }

  private final Towns towns = new Towns();
  private final PlainCalls calls = new PlainCalls(Map.of(), Optional.empty(), Optional.of(towns));

  private Reply post(String body) {
    return calls.post("/v1/uncertainty", body.replace('\'', '"'));
  }

  /** Two say Paris, one says Lyon: two classes. */
  @Test
  void theJudgesMatricesAreAsGoodAsThoseThatAreSent() {
    String texts = "'texts':['Paris','It is Paris','Lyon'],'logprobs':[[-0.5],[-0.5,-1],[-2]]";
    JsonNode asked =
        post("{" + texts + ",'question':'Capital?','entailment_from':'server'}").ok().json();
    JsonNode sent =
        post("{"
                + texts
                + ",'entail':[[1,0.75,0.125],[0.75,1,0.125],[0.125,0.125,1]],"
                + "'contra':[[0,0.125,0.75],[0.125,0,0.75],[0.75,0.75,0]]}")
            .ok()
            .json();
    assertThat(asked.at("/entailment_model").asString()).isEqualTo("towns");
    assertThat(asked.at("/data/0/entailment_from").asString()).isEqualTo("server");
    assertThat(asked.at("/data/0/entailment_width").asDouble()).isEqualTo(0.25);
    assertThat(asked.at("/data/0/semantic_classes/count").asInt()).isEqualTo(2);
    ObjectNode item = (ObjectNode) asked.at("/data/0");
    item.remove("entailment_from");
    item.remove("entailment_width");
    assertThat(item).isEqualTo(sent.at("/data/0"));
    assertThat(towns.asked).hasSize(6).allMatch(pair -> "Capital?".equals(pair.question()));
  }

  @Test
  void noPairOfARequestIsAskedForTwice() {
    Reply reply =
        post("{'entailment_from':'server','items':[{'texts':['Paris','Lyon']},{'texts':['Lyon','Paris']},"
                 + "{'texts':['Paris','Paris']},{'texts':['Paris','Lyon'],'question':'q'}]}")
            .ok();
    assertThat(reply.at("/data/2/semantic_classes/count").asInt()).isEqualTo(1);
    assertThat(reply.at("/data/3/semantic_classes/count").asInt()).isEqualTo(2);
    assertThat(towns.asked).hasSize(4);
  }

  /** Log-probabilities of answers ask for no judge. */
  @Test
  void aJudgeIsNotAskedWhereNoMeasureNeedsOne() {
    post("{'texts':['Paris','Lyon'],'logprobs':[[-1],[-2]],'entailment_from':'server','measures':['sequence']}")
        .ok();
    assertThat(towns.asked).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          conflicting_inputs     | /entail          | {'texts':['a','b'],'entailment_from':'server','entail':[[1,0],[0,1]],'contra':[[0,0],[0,0]]}
          missing_input          |                  | {'similarity':[[1,0],[0,1]],'entailment_from':'server'}
          missing_input          |                  | {'texts':['a','b'],'entailment_from':'given'}
          conflicting_inputs     | /question        | {'texts':['a','b'],'question':'which?'}
          parameter_out_of_range | /entailment_from | {'texts':['a','b'],'entailment_from':'servant'}
          wrong_type             | /question        | {'texts':['a','b'],'entailment_from':'server','question':7}
          """)
  void whatDoesNotFitIsRefusedWhereItIsWrong(String code, String pointer, String body) {
    post(body).problem(422, code).pointing(pointer == null ? "" : pointer);
  }

  @Test
  void aServiceWithoutAJudgeSaysHowToGetOne() {
    Reply refused =
        new PlainCalls()
            .post("/v1/uncertainty", "{\"texts\":[\"a\",\"b\"],\"entailment_from\":\"server\"}");
    refused.problem(422, "missing_input").pointing("/entailment_from");
    assertThat(refused.at("/hint").asString()).contains("TOKENTROPY_ENTAILMENT_UPSTREAM");
  }

  /** Four different answers are twelve pairs, three are six. */
  @Test
  void morePairsThanAllowedAreRefused() {
    var few =
        new PlainCalls(
            Map.of("tokentropy.max-entailment-pairs", 11), Optional.empty(), Optional.of(towns));
    String body = "{\"texts\":[\"a\",\"b\",\"c\",\"d\"],\"entailment_from\":\"server\"}";
    few.post("/v1/uncertainty", body).problem(413, "limit_exceeded");
    few.post("/v1/uncertainty", body.replace("\"d\"", "\"a\"")).ok();
  }
}
