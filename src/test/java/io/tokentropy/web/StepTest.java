package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.web.call.PlainCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/step} and {@code /v1/sample}: they say what their parts say. */
class StepTest extends CallTest {
  private static final String ROWS = "\"logits\":[[3,2,1,0],[0,0,0,0],[5,-1,-1,-1]]";

  @Test
  void aStepIsItsPartsTogether() {
    JsonNode step =
        post("/v1/step", "{" + ROWS + ",\"top_h\":0.4,\"ead\":{\"threshold\":0.9,\"window\":1}}")
            .ok()
            .at("/data");
    JsonNode entropy = post("/v1/entropy", "{" + ROWS + "}").ok().at("/data");
    JsonNode kept = post("/v1/truncation", "{" + ROWS + ",\"top_h\":0.4}").ok().at("/data");
    JsonNode ead =
        post(
                "/v1/ead",
                """
                {"sequences":[{"observations":[%s]},{"observations":[%s]},{"observations":[%s]}],
                 "config":{"threshold":0.9,"window":1}}
                """
                    .formatted(
                        entropy.at("/0/entropy"),
                        entropy.at("/1/entropy"),
                        entropy.at("/2/entropy")))
            .ok()
            .at("/data");
    for (int i = 0; i < 3; i++) {
      for (String name : new String[] {"entropy", "normalized", "perplexity", "top"}) {
        assertThat(step.get(i).get(name)).isEqualTo(entropy.get(i).get(name));
      }
      for (String name : new String[] {"kept_ids", "probs", "kept_mass", "budget", "certified"}) {
        assertThat(step.get(i).get(name)).isEqualTo(kept.get(i).get(name));
      }
      assertThat(step.get(i).get("kept_entropy")).isEqualTo(kept.get(i).get("entropy"));
      for (String name : new String[] {"next", "summary", "state"}) {
        assertThat(step.get(i).get(name)).isEqualTo(ead.get(i).get(name));
      }
    }
  }

  @Test
  void statesGoFromStepToStep() {
    String config = "\"ead\":{\"threshold\":0.9,\"window\":2,\"fill\":\"partial\"}";
    JsonNode first = post("/v1/step", "{\"entropies\":[0.5,2.0]," + config + "}").ok().at("/data");
    ObjectNode body = (ObjectNode) JSON.readTree("{\"entropies\":[2.5,0.1,1.5]," + config + "}");
    body.putArray("states").add(first.at("/0/state")).add(first.at("/1/state")).addNull();
    JsonNode second = post("/v1/step", body.toString()).ok().at("/data");
    assertThat(second.at("/0/next/smoothed").asDouble()).isEqualTo(1.5);
    assertThat(second.at("/1/next/smoothed").asDouble()).isEqualTo(1.05);
    assertThat(second.at("/2/summary/tokens").asInt()).isEqualTo(1);
    assertThat(second.at("/0/summary/tokens").asInt()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"entropies":[1],"states":[null]}                                   | 422 | missing_input  | /states
          {"entropies":[1],"ead":{"threshold":1},"states":[]}                 | 422 | shape_mismatch | /states
          {"entropies":[1],"ead":{"threshold":1},"states":[{"v":9}]}          | 422 | invalid_state  | /states/0/v
          {"entropies":[1],"ead":{}}                                          | 422 | missing_input  | /ead
          {"entropies":[1],"top_h":0.4}                                       | 422 | missing_input  | /entropies/0
          {"ead":{"threshold":1}}                                             | 422 | missing_input  | ''
          """)
  void aBadStepIsRefused(String body, int status, String code, String pointer) {
    post("/v1/step", body).problem(status, code).pointing(pointer.equals("''") ? "" : pointer);
  }

  @Test
  void aPackedStepHasSixteenBytesARowAndItsTokens() {
    ByteBuffer bytes =
        ByteBuffer.wrap(
                packed("/v1/step?unit=bit", "{\"logits\":[[0,0,0,0],[3,2,1,0]],\"top_k\":2}")
                    .ok()
                    .body())
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(2 * (16 + 8));
    assertThat(bytes.getFloat()).isEqualTo(2);
    assertThat(bytes.getFloat()).isEqualTo(0.5f);
    assertThat(bytes.getInt()).isEqualTo(2);
    assertThat(bytes.get() & 0xFF).isEqualTo(255);
    assertThat(bytes.get()).isEqualTo((byte) 1);
    assertThat(bytes.getShort()).isZero();
    assertThat(bytes.getInt()).isZero();
    assertThat(bytes.getInt()).isEqualTo(1);
    byte[] mask =
        packed("/v1/step?format=bitmask", "{\"logits\":[[3,2,1,0]],\"top_k\":2}").ok().body();
    assertThat(mask).hasSize(17);
    assertThat(mask[16]).isEqualTo((byte) 0b0011);
    byte[] all = packed("/v1/step", "{\"logits\":[[3,2,1,0]]}").ok().body();
    assertThat(all).hasSize(16 + 4 * 4);
    packed("/v1/step", "{\"top_logprobs\":[[-0.5]]}").problem(422, "missing_input");
  }

  /** SplitMix64 of the JDK has the same numbers, which makes every draw replayable. */
  @Test
  void drawsAreThoseOfTheSeed() {
    var random = new SplittableRandom(42);
    JsonNode answer =
        post(
                "/v1/sample",
                "{\"probs\":[[0.5,0.25,0.25],[0.5,0.25,0.25],[0.1,0.2,0.7]],\"seed\":42}")
            .ok()
            .json();
    double[][] ordered = {{0.5, 0.25, 0.25}, {0.5, 0.25, 0.25}, {0.7, 0.2, 0.1}};
    int[][] ids = {{0, 1, 2}, {0, 1, 2}, {2, 1, 0}};
    for (int i = 0; i < 3; i++) {
      double u = (random.nextLong() >>> 11) * 0x1.0p-53;
      int rank = u < ordered[i][0] ? 0 : u < ordered[i][0] + ordered[i][1] ? 1 : 2;
      JsonNode item = answer.at("/data/" + i);
      assertThat(item.get("u").asDouble()).isEqualTo(u);
      assertThat(item.get("id").asInt()).isEqualTo(ids[i][rank]);
      assertThat(item.get("prob").asDouble()).isCloseTo(ordered[i][rank], within(1e-12));
    }
    assertThat(answer.get("counter").asInt()).isEqualTo(3);
    JsonNode third =
        post("/v1/sample", "{\"probs\":[[0.1,0.2,0.7]],\"seed\":42,\"counter\":2}")
            .ok()
            .at("/data/0");
    assertThat(third.get("u")).isEqualTo(answer.at("/data/2/u"));
    assertThat(third.get("id")).isEqualTo(answer.at("/data/2/id"));
  }

  @Test
  void drawsFollowTheProbabilities() {
    var body = new StringBuilder("{\"top_k\":3,\"seed\":5,\"probs\":[");
    for (int i = 0; i < 4000; i++) {
      body.append(i == 0 ? "" : ",").append("[0.4,0.05,0.3,0.05,0.2]");
    }
    var counts = new int[5];
    post("/v1/sample", body.append("]}").toString())
        .ok()
        .at("/data")
        .forEach(item -> counts[item.get("id").asInt()]++);
    assertThat(counts[1] + counts[3]).isZero();
    double[] expected = {0.4 / 0.9, 0, 0.3 / 0.9, 0, 0.2 / 0.9};
    for (int id : new int[] {0, 2, 4}) {
      assertThat(counts[id] / 4000.0).isCloseTo(expected[id], within(0.03));
    }
  }

  @Test
  void onlyACertainSetIsDrawnFrom() {
    String certain =
        """
        {"top_logprobs":[[{"token":" a","logprob":-0.1,"id":7},{"token":" b","logprob":-3}]],
         "vocab_size":1000,"top_k":1}
        """;
    JsonNode item = post("/v1/sample", certain).ok().at("/data/0");
    assertThat(item.get("token").asString()).isEqualTo(" a");
    assertThat(item.get("id").asInt()).isEqualTo(7);
    assertThat(item.get("prob").asDouble()).isEqualTo(1);
    post("/v1/sample", certain.replace("\"top_k\":1", "\"top_k\":5"))
        .problem(422, "conflicting_inputs")
        .pointing("/top_k");
    post("/v1/sample", certain.replace("\"top_k\":1", "\"top_p\":0.999"))
        .problem(422, "missing_input")
        .pointing("/top_logprobs/0");
    post("/v1/sample", certain.replace(",\"top_k\":1", "")).problem(422, "missing_input");
    post("/v1/sample", "{\"probs\":[[1]],\"counter\":-1}")
        .problem(422, "parameter_out_of_range")
        .pointing("/counter");
  }

  /** Ids are listed one by one, whichever form lists them; bits are as many as the body brought. */
  @Test
  void packedIdsCountAsEntriesOfTheAnswer() {
    var calls = new PlainCalls(Map.of("tokentropy.max-answer-entries", 8));
    String rows = "{\"logits\":[[1,1,1,1],[1,1,1,1],[1,1,1,1]],\"top_k\":@}";
    String most = rows.replace("@", "2");
    String over = rows.replace("@", "3");
    for (String path : new String[] {"/v1/step", "/v1/truncation"}) {
      calls.packed(path, most).ok();
      calls.packed(path + "?format=bitmask", over).ok();
      Reply refused = calls.packed(path, over).problem(413, "limit_exceeded");
      assertThat(refused.text()).contains("max_answer_entries is 8, found 9");
    }
  }
}
