package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the public cases stand for, in further forms. */
class ResponseKindsTest extends CallTest {
  private static String chat(String tokens) {
    return "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},"
               + "\"logprobs\":{\"content\":["
        + tokens
        + "]}}]}";
  }

  private static String token(String name, String lnProb, String top) {
    return "{\"token\":\"" + name + "\",\"logprob\":" + lnProb + ",\"top_logprobs\":[" + top + "]}";
  }

  private static Reply score(String response) {
    return post("/v1/score", "{\"vocab_size\":100,\"mass_error\":0,\"openai\":" + response + "}");
  }

  private static Stream<String> codes(Reply reply) {
    return reply.at("/warnings").valueStream().map(warning -> warning.get("code").asString());
  }

  /** Whole responses in a list, as JSON and as lines of it: the way to many is named. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"x\"},\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-1}]}}]}",
        "{\"choices\":[{\"text\":\"a\",\"finish_reason\":\"stop\",\"logprobs\":{\"tokens\":[\"a\"],\"token_logprobs\":[-1]}}]}",
        "{\"generated_text\":\"a\",\"details\":{\"tokens\":[{\"id\":1,\"text\":\"a\",\"logprob\":-1}]}}",
        "{\"content\":\"a\",\"stop\":true,\"completion_probabilities\":[{\"id\":1,\"token\":\"a\",\"logprob\":-1}]}",
        "{\"response\":\"a\",\"done\":true,\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}]}",
        "{\"object\":\"response\",\"output\":[{\"content\":[{\"text\":\"a\",\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}]}]}]}",
        "{\"finish_reason\":\"COMPLETE\",\"message\":{\"content\":[]},\"logprobs\":[{\"token_ids\":[1],\"logprobs\":[-1]}]}",
        "{\"outputs\":[{\"token_ids\":[1],\"logprobs\":[{\"1\":-1}],\"finish_reason\":\"stop\"}]}"
      })
  void aListOfWholeResponsesGoesToBatch(String response) {
    score(response).ok();
    Reply list = score("[" + response + "," + response + "]").problem(422, "wrong_type");
    assertThat(list.at("/hint").asString()).contains("/v1/batch");
    assertThat(list.at("/errors/0/pointer").asString()).startsWith("/openai/1");
    Reply lines = score(JSON.writeValueAsString(response + "\n" + response + "\n"));
    lines.problem(422, "wrong_type");
    assertThat(lines.at("/hint").asString()).contains("/v1/batch");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"error":{"message":"out of memory","type":"server_error"}} | out of memory
          {"error":"Input validation error: too long","error_type":"validation"} | too long
          {"object":"error","message":"The model does not exist","code":404} | does not exist
          {"errors":[{"code":"x","message":"token expired"}],"trace":"t"} | token expired
          {"detail":[{"loc":["body"],"msg":"field required"}]} | field required
          {"message":"invalid api token"} | invalid api token
          [{"error":{"code":429,"message":"Quota exceeded","status":"RESOURCE_EXHAUSTED"}}] | Quota exceeded
          {"custom_id":"r","response":{"status_code":400,"body":{"error":{"message":"bad model"}}},"error":null} | bad model
          {"custom_id":"r","response":null,"error":{"code":"batch_expired","message":"expired"}} | expired
          {"type":"response.failed","response":{"error":{"code":"server_error","message":"it broke"}}} | it broke
          "data: {\\"error\\":{\\"message\\":\\"slot lost\\"}}\\n\\n" | slot lost
          {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}} | Overloaded
          """)
  void aServersErrorIsQuoted(String response, String text) {
    Reply refused = score(response).problem(422, "wrong_type");
    assertThat(refused.at("/detail").asString()).contains("an error that the server sent", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}",
        "\"event: message_start\\n"
            + "data: {\\\"type\\\":\\\"message_start\\\",\\\"message\\\":{}}\\n"
            + "\\n"
            + "\""
      })
  void aMessageOfAnthropicIsNamedAsSuch(String response) {
    assertThat(score(response).problem(422, "wrong_type").at("/detail").asString())
        .contains("Anthropic");
  }

  /** The second of three tokens cannot be read: the others are answered where they stand. */
  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"choices":[{"message":{"content":"x"},"logprobs":{"content":[{"token":"a","logprob":-1},{"token":"b","logprob":7},{"token":"c","logprob":-3}]}}]} | /openai/choices/0/logprobs/content/1/logprob
          {"choices":[{"message":{"content":"x"},"logprobs":{"content":[{"token":"a","logprob":-1},{"token":"b"},{"token":"c","logprob":-3}]}}]} | /openai/choices/0/logprobs/content/1
          {"choices":[{"text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[-1,0.5,-3]}}]} | /openai/choices/0/logprobs/token_logprobs/1
          {"choices":[{"text":"abc","logprobs":{"tokens":["a","b","c"],"token_logprobs":[-1,-2,-3],"top_logprobs":[{"a":-1},{"b":-0.1,"d":-0.2},{"c":-3}]}}]} | /openai/choices/0/logprobs/top_logprobs/1
          {"meta_info":{"output_token_logprobs":[[-1,1,"a"],[-2],[-3,3,"c"]]}} | /openai/meta_info/output_token_logprobs/1
          {"details":{"tokens":[{"text":"a","logprob":-1},{"text":"b","logprob":"x"},{"text":"c","logprob":-3}]}} | /openai/details/tokens/1/logprob
          {"stop":true,"content":"abc","completion_probabilities":[{"token":"a","logprob":-1},{"token":"b","prob":2},{"token":"c","logprob":-3}]} | /openai/completion_probabilities/1/prob
          {"done":true,"logprobs":[{"token":"a","logprob":-1},{"token":"b","logprob":1},{"token":"c","logprob":-3}]} | /openai/logprobs/1/logprob
          {"candidates":[{"logprobsResult":{"chosenCandidates":[{"token":"a","logProbability":-1},{"token":"b"},{"token":"c","logProbability":-3}]}}]} | /openai/candidates/0/logprobsResult/chosenCandidates/1
          {"logprobs":[{"token_ids":[1,2,3],"logprobs":[-1,1,-3]}]} | /openai/logprobs/0/logprobs/1
          {"results":[{"generated_text":"abc","generated_tokens":[{"text":"a","logprob":-1},{"text":"b","logprob":[]},{"text":"c","logprob":-3}]}]} | /openai/results/0/generated_tokens/1/logprob
          {"generation":"abc","stop_reason":"stop","logprobs":[{"1":-1},{"2":9},{"3":-3}]} | /openai/logprobs/1/2
          """)
  void oneBadTokenDoesNotCostTheRest(String response, String pointer) {
    Reply refused = score(response);
    assertThat(refused.status()).isEqualTo(422);
    refused.pointing(pointer);
    String body = "{\"on_bad_token\":\"skip\",\"openai\":" + response + "}";
    Reply answered = post("/v1/score", body).ok();
    assertThat(answered.at("/data/0/logprob").asDouble()).isEqualTo(-1);
    assertThat(answered.at("/data/1").has("logprob")).isFalse();
    assertThat(answered.at("/data/2/logprob").asDouble()).isEqualTo(-3);
    assertThat(answered.at("/sequence/mean_logprob").asDouble()).isEqualTo(-2);
    assertThat(
            answered
                .at("/warnings")
                .valueStream()
                .filter(warning -> warning.get("code").asString().equals("bad_token"))
                .map(warning -> warning.get("index").asInt()))
        .containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/score", "/v1/entropy", "/v1/truncation?top_p=0.5", "/v1/ead?threshold=1"})
  void everyEndpointCanSkipABadToken(String path) {
    String response = chat(token("a", "-1", token("a", "-1", "")) + "," + token("b", "7", ""));
    Reply refused = post(path, "{\"openai\":" + response + "}");
    assertThat(refused.status()).as(path).isEqualTo(422);
    Reply skipped =
        post(path, "{\"on_bad_token\":\"skip\",\"vocab_size\":9,\"openai\":" + response + "}");
    assertThat(skipped.status()).as(skipped.text()).isEqualTo(200);
    Reply other = post(path, "{\"on_bad_token\":\"drop\",\"openai\":" + response + "}");
    other.problem(422, "parameter_out_of_range").pointing("/on_bad_token");
  }

  /** In (0, 1e-3] a value is 0, with a warning; above it is refused. */
  @ParameterizedTest
  @CsvSource({"0, false", "1e-12, true", "1e-3, true", "0.0011, "})
  void aValueALittleAboveOneIsOne(String lnProb, Boolean warned) {
    Reply reply = score(chat(token("a", lnProb, "") + "," + token("b", "-1", "")));
    if (warned == null) {
      reply.problem(422, "not_a_distribution");
      return;
    }
    assertThat(reply.ok().at("/data/0/logprob").asDouble()).isEqualTo(0);
    assertThat(reply.at("/sequence/logprob").asDouble()).isEqualTo(-1);
    assertThat(codes(reply).anyMatch("float_noise"::equals)).isEqualTo(warned);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-9999.0", "-1000", "-3.4e38", "\"-Infinity\"", "\"-inf\""})
  void aSampledTokenAtAFloorIsTheWeakestAndIsFlagged(String floor) {
    Reply reply =
        score(
            chat(
                token("a", "-20", "")
                    + ","
                    + token("b", floor, token("c", "-0.1", "") + "," + token("d", "-2.5", ""))));
    assertThat(reply.ok().at("/sequence/weakest/0").asInt()).isEqualTo(1);
    assertThat(reply.at("/data/1").has("logprob")).isFalse();
    assertThat(codes(reply)).contains("sentinel");
    double tail = 1 - Math.exp(-0.1) - Math.exp(-2.5);
    double high =
        0.1 * Math.exp(-0.1) + 2.5 * Math.exp(-2.5) + tail * Math.log((100 - 2 - 1) / tail);
    assertThat(reply.at("/data/1/entropy_high").asDouble()).isCloseTo(high, within(1e-9));
  }

  /** null and the floors close a list, wherever it stands. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"text\":\"a\",\"logprobs\":{\"tokens\":[\"a\"],\"token_logprobs\":[0],\"top_logprobs\":[{\"a\":0,\"b\":null}]}}]}",
        "{\"meta_info\":{\"output_token_logprobs\":[[0,1,\"a\"]],\"output_top_logprobs\":[[[0,1,\"a\"],[null,2,\"b\"]]]}}",
        "{\"details\":{\"tokens\":[{\"id\":1,\"text\":\"a\",\"logprob\":0}],\"top_tokens\":[[{\"id\":1,\"text\":\"a\",\"logprob\":0},{\"id\":2,\"text\":\"b\",\"logprob\":null}]]}}",
        "{\"completion_probabilities\":[{\"id\":1,\"token\":\"a\",\"logprob\":0,\"top_logprobs\":[{\"id\":1,\"token\":\"a\",\"logprob\":0},{\"id\":2,\"token\":\"b\",\"logprob\":null}]}]}",
        "{\"done\":true,\"logprobs\":[{\"token\":\"a\",\"logprob\":0,\"top_logprobs\":[{\"token\":\"a\",\"logprob\":0},{\"token\":\"b\",\"logprob\":-9999}]}]}",
        "{\"candidates\":[{\"logprobsResult\":{\"chosenCandidates\":[{\"token\":\"a\",\"logProbability\":0}],\"topCandidates\":[{\"candidates\":[{\"token\":\"a\",\"logProbability\":0},{\"token\":\"b\",\"logProbability\":null}]}]}}]}",
        "{\"generation\":\"a\",\"stop_reason\":\"stop\",\"logprobs\":[{\"1\":0,\"2\":null}]}"
      })
  void nullInAListIsProbabilityZero(String response) {
    Reply reply = score(response).ok();
    assertThat(reply.at("/data/0/entropy").asDouble(-1)).isZero();
    assertThat(codes(reply)).contains("sentinel");
  }

  /** What the server counted beside what it scored. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"choices\":[{\"message\":{\"content\":\"ab\"},\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-1}]}}],\"usage\":{\"completion_tokens\":4}}",
        "{\"details\":{\"generated_tokens\":4,\"tokens\":[{\"text\":\"a\",\"logprob\":-1}]}}",
        "{\"response\":\"a\",\"done\":true,\"eval_count\":4,\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}]}",
        "{\"content\":\"a\",\"stop\":true,\"stop_type\":\"eos\",\"tokens_predicted\":4,\"completion_probabilities\":[{\"token\":\"a\",\"logprob\":-1}]}",
        "{\"object\":\"response\",\"usage\":{\"output_tokens\":4},\"output\":[{\"content\":[{\"text\":\"a\",\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}]}]}]}",
        "{\"results\":[{\"generated_text\":\"a\",\"stop_reason\":\"eos\",\"generated_token_count\":4,\"generated_tokens\":[{\"text\":\"a\",\"logprob\":-1}]}]}",
        "{\"candidates\":[{\"finishReason\":\"STOP\",\"logprobsResult\":{\"chosenCandidates\":[{\"token\":\"a\",\"logProbability\":-1}]}}],\"usageMetadata\":{\"candidatesTokenCount\":4}}"
      })
  void aPartIsSaidToBeAPart(String response) {
    Reply reply = score(response).ok();
    assertThat(
            reply
                .at("/warnings")
                .valueStream()
                .filter(warning -> warning.get("code").asString().equals("partly_scored"))
                .map(warning -> warning.get("message").asString()))
        .singleElement()
        .asString()
        .contains("1 of the 4 tokens");
    assertThat(codes(score(response.replace("4", "1")).ok())).doesNotContain("partly_scored");
  }

  @Test
  void textWithoutLogProbabilitiesIsSaidToBeMissing() {
    String scored =
        "{\"choices\":[{\"delta\":{\"content\":\"a\"},\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-1}]}}]}";
    String bare = "{\"choices\":[{\"delta\":{\"content\":\" and more\"},\"logprobs\":null}]}";
    String empty = "{\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}";
    assertThat(codes(score("[" + scored + "," + bare + "," + empty + "]").ok()))
        .contains("partly_scored");
    assertThat(codes(score("[" + scored + "," + empty + "]").ok())).doesNotContain("partly_scored");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uFEFF", "\uFEFF: comment\\n\\n", "\uFEFF\\n", "\uFEFFevent: x\\r\\n"})
  void aStreamMayBeginWithAByteOrderMark(String start) {
    String chunk =
        "data:"
            + " {\\\"done\\\":false,\\\"logprobs\\\":[{\\\"token\\\":\\\"a\\\",\\\"logprob\\\":-2}]}\\n"
            + "\\n";
    assertThat(score("\"" + start + chunk + chunk + "\"").ok().at("/sequence/tokens").asInt())
        .isEqualTo(2);
    String line = chunk.substring("data: ".length());
    assertThat(score("\"\uFEFF" + line + line + "\"").ok().at("/sequence/tokens").asInt())
        .isEqualTo(2);
  }

  /** ids tell tokens apart that have no text, in every spelling. */
  @ParameterizedTest
  @ValueSource(strings = {"id", "token_id", "tokenId"})
  void idsTellTokensApart(String name) {
    String top =
        "{\"token\":\"\",\"X\":7,\"logprob\":-1},{\"token\":\"\",\"X\":8,\"logprob\":-1},{\"token\":\"\",\"X\":9,\"logprob\":-1.5}"
            .replace("X", name);
    Reply reply =
        score(
                chat(
                    "{\"token\":\"\",\""
                        + name
                        + "\":7,\"logprob\":-1,\"top_logprobs\":["
                        + top
                        + "]}"))
            .ok();
    assertThat(reply.at("/data/0/alternatives").asInt()).isEqualTo(3);
    assertThat(reply.at("/data/0/id").asInt()).isEqualTo(7);
  }

  /** A stream as somebody collected it, and as a gateway passed it on. */
  @Test
  void aStreamMayBeAListOfStringsAndNameItsDataTwice() {
    String chunk =
        "{\\\"done\\\":false,\\\"logprobs\\\":[{\\\"token\\\":\\\"a\\\",\\\"logprob\\\":-2}]}";
    String strings = "[\"data: " + chunk + "\",\"data: data: " + chunk + "\",\"data: [DONE]\"]";
    assertThat(score(strings).ok().at("/sequence/tokens").asInt()).isEqualTo(2);
    String lines = "[\"" + chunk + "\",\"" + chunk + "\"]";
    assertThat(score(lines).ok().at("/sequence/tokens").asInt()).isEqualTo(2);
  }
}
