package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.problem.ProblemKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** Every refusal over real HTTP: status, code, and the place that is wrong. */
@TestPropertySource(
    properties = {
      "tokentropy.max-body-bytes=100000",
      "tokentropy.max-rows=8",
      "tokentropy.max-vocab=1000"
    })
class BadInputTest extends ServiceTest {
  @ParameterizedTest(name = "{2} at {3}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {                                                        | 400 | malformed_json         | EMPTY
          {"logits":[[0,0]]} x                                     | 400 | malformed_json         | EMPTY
          {"logits":[[0,0]],"logits":[[1,1]]}                      | 400 | malformed_json         | /logits
          {"logits":[[0,0,]]}                                      | 400 | malformed_json         | EMPTY
          {'logits':[[0,0]]}                                       | 400 | malformed_json         | EMPTY
          {"logits":[[0,01]]}                                      | 400 | malformed_json         | EMPTY
          [1,2]                                                    | 422 | wrong_type             | EMPTY
          {"logit":[[0,0]]}                                        | 422 | unknown_field          | /logit
          {"logits":[[0,0]],"temprature":2}                        | 422 | unknown_field          | /temprature
          {"logits":[[0,0]],"a/b~c":2}                             | 422 | unknown_field          | /a~1b~0c
          {"top_logprobs":[[{"logprob":-1,"tok":"a"}]]}            | 422 | unknown_field          | /top_logprobs/0/0/tok
          {"logits":[["1",2]]}                                     | 422 | wrong_type             | /logits/0/0
          {"logits":[[1,true]]}                                    | 422 | wrong_type             | /logits/0/1
          {"logits":"abc"}                                         | 422 | wrong_type             | /logits
          {"logits":{"a":1}}                                       | 422 | wrong_type             | /logits
          {"logits":[[1,[2]]]}                                     | 422 | wrong_type             | /logits/0/1
          {"probs":[[0.5,null,0.5]]}                               | 422 | wrong_type             | /probs/0/1
          {"probs":[[0.5,"-inf",0.5]]}                             | 422 | not_finite             | /probs/0/1
          {"logits":[[0,0]],"temperature":"1"}                     | 422 | wrong_type             | /temperature
          {"logits":[[0,0]],"unit":2}                              | 422 | wrong_type             | /unit
          {"logits":[[0,0]],"vocab_size":2.5}                      | 422 | wrong_type             | /vocab_size
          {"logits":[[0,0]],"measures":"margin"}                   | 422 | wrong_type             | /measures
          {}                                                       | 422 | missing_input          | EMPTY
          {"logits":null}                                          | 422 | missing_input          | EMPTY
          {"logits":[]}                                            | 422 | missing_input          | /logits
          {"logits":[[]]}                                          | 422 | missing_input          | /logits/0
          {"top_logprobs":[[]]}                                    | 422 | missing_input          | /top_logprobs/0
          {"top_logprobs":[{"complete":true}]}                     | 422 | missing_input          | /top_logprobs/0
          {"summary":[{}]}                                         | 422 | missing_input          | /summary/0
          {"entropies":[]}                                         | 422 | missing_input          | /entropies
          {"logits":[[0,0]],"probs":[[0.5,0.5]]}                   | 422 | conflicting_inputs     | /probs
          {"top_logprobs":[[-0.1]],"temperature":2}                | 422 | conflicting_inputs     | /temperature
          {"logits":[[0,0],[0,0,0]]}                               | 422 | ragged_rows            | /logits/1
          {"logits":[[0,NaN]]}                                     | 422 | not_finite             | /logits/0/1
          {"logits":[[0,Infinity]]}                                | 422 | not_finite             | /logits/0/1
          {"logits":[[0,0],[1e999,0]]}                             | 422 | not_finite             | /logits/1/0
          {"logits":[[0,-1e999]]}                                  | 422 | not_finite             | /logits/0/1
          {"logits":[[0,0]],"temperature":-Infinity}               | 422 | not_finite             | /temperature
          {"logits":[[0,0],[null,"-inf"]]}                         | 422 | all_masked             | /logits/1
          {"probs":[[0,0]]}                                        | 422 | all_masked             | /probs/0
          {"logprobs":[-Infinity,-Infinity]}                       | 422 | all_masked             | /logprobs
          {"probs":[[0.5,0.1]]}                                    | 422 | not_a_distribution     | /probs/0
          {"probs":[[1.5,-0.5]]}                                   | 422 | not_a_distribution     | /probs/0/1
          {"logprobs":[[-0.1,-0.1]]}                               | 422 | not_a_distribution     | /logprobs/0
          {"logprobs":[[0.7,-0.1]]}                                | 422 | not_a_distribution     | /logprobs/0/0
          {"top_logprobs":[[-0.1,-0.2]]}                           | 422 | not_a_distribution     | /top_logprobs/0
          {"top_logprobs":[[0.3]]}                                 | 422 | not_a_distribution     | /top_logprobs/0/0
          {"logits":[[0,0]],"temperature":0}                       | 422 | parameter_out_of_range | /temperature
          {"logits":[[0,0]],"temperature":-1}                      | 422 | parameter_out_of_range | /temperature
          {"logits":[[0,0]],"unit":"bits"}                         | 422 | parameter_out_of_range | /unit
          {"logits":[[0,0]],"estimate":"mid"}                      | 422 | parameter_out_of_range | /estimate
          {"logits":[[0,0]],"measures":["margn"]}                  | 422 | parameter_out_of_range | /measures/0
          {"logits":[[0,0]],"measures":["renyi"]}                  | 422 | missing_input          | /measures/0
          {"logits":[[0,0]],"measures":["rank_of"]}                | 422 | missing_input          | /measures/0
          {"logits":[[0,0]],"measures":["renyi"],"order":-1}       | 422 | parameter_out_of_range | /order
          {"logits":[[0,0]],"measures":["tsallis"],"order":"inf"}  | 422 | parameter_out_of_range | /order
          {"logits":[[0,0]],"measures":["logtoku"],"k":0}          | 422 | parameter_out_of_range | /k
          {"logits":[[0,0]],"measures":["deepconf"],"k":3}         | 422 | parameter_out_of_range | /k
          {"logits":[[0,0]],"measures":["rank_of"],"ids":[0,2]}    | 422 | parameter_out_of_range | /ids/1
          {"logits":[[0,0]],"measures":["rank_of"],"ids":[-1]}     | 422 | parameter_out_of_range | /ids/0
          {"probs":[[0.5,0.5]],"measures":["logtoku"],"k":1}       | 422 | conflicting_inputs     | /measures
          {"entropies":[1,2],"prefix_len":0}                       | 422 | parameter_out_of_range | /prefix_len
          {"confidences":[1,2],"group":0}                          | 422 | parameter_out_of_range | /group
          {"confidences":[1,2],"bottom":0}                         | 422 | parameter_out_of_range | /bottom
          {"confidences":[]}                                       | 422 | missing_input          | /confidences
          {"confidences":[1],"logits":[0]}                         | 422 | conflicting_inputs     | /confidences
          {"lowest_groups":[1,2]}                                  | 422 | missing_input          | EMPTY
          {"lowest_groups":[1,2],"keep_percent":101}               | 422 | parameter_out_of_range | /keep_percent
          {"entropies":[1,2],"group":2}                            | 422 | missing_input          | EMPTY
          {"top_logprobs":[[{"logprob":-1,"id":7}]],"vocab_size":5} | 422 | inconsistent_top_logprobs | /top_logprobs/0/0
          {"top_logprobs":[[-0.1]],"vocab_size":0}                 | 422 | parameter_out_of_range | /vocab_size
          {"entropies":[1,-1]}                                     | 422 | parameter_out_of_range | /entropies/1
          {"entropies":[9],"vocab_size":3}                         | 422 | parameter_out_of_range | /entropies/0
          {"summary":[{"entropy":-1}]}                             | 422 | parameter_out_of_range | /summary/0/entropy
          {"summary":[{"entropy":1,"varentropy":"2"}]}             | 422 | wrong_type             | /summary/0/varentropy
          {"top_logprobs":[[{"logprob":-1,"id":-4}]]}              | 422 | parameter_out_of_range | /top_logprobs/0/0/id
          {"logits":[[0,0]],"vocab_size":3}                        | 422 | shape_mismatch         | /vocab_size
          {"top_logprobs":[[-0.7,-9.2]],"vocab_size":100}          | 422 | inconsistent_top_logprobs | /top_logprobs/0
          {"top_logprobs":[[-0.7,-1.6]],"vocab_size":1}            | 422 | inconsistent_top_logprobs | /top_logprobs/0
          {"top_logprobs":[[{"logprob":-1,"id":4},{"logprob":-2,"id":4}]]} | 422 | inconsistent_top_logprobs | /top_logprobs/0/1
          {"top_logprobs":[{"top_logprobs":[-1,-2],"sampled_logprob":-0.5}]} | 422 | inconsistent_top_logprobs | /top_logprobs/0/sampled_logprob
          {"entropies":[1,1,1,1,1,1,1,1,1]}                        | 413 | limit_exceeded         | /entropies
          {"logits":[[0],[0],[0],[0],[0],[0],[0],[0],[0]]}         | 413 | limit_exceeded         | /logits
          {"top_logprobs":[[-0.1]],"vocab_size":1001}              | 413 | limit_exceeded         | /vocab_size
          """)
  void aBadBodyIsRefusedWithItsPlace(String body, int status, String code, String pointer) {
    post("/v1/entropy", body)
        .problem(status, code)
        .pointing(pointer.equals("EMPTY") ? "" : pointer);
  }

  @Test
  void anUnknownFieldIsAnsweredWithTheNearestName() {
    assertThat(
            post("/v1/entropy", "{\"logits\":[[0,0]],\"temprature\":2}").at("/detail").asString())
        .contains("did you mean \"temperature\"?");
  }

  @Test
  void limitsAreCountedExactly() {
    String eight =
        Arrays.stream(new int[8]).mapToObj(i -> "[0,0]").collect(Collectors.joining(","));
    post("/v1/entropy", "{\"logits\":[" + eight + "]}").ok();
    post("/v1/entropy", "{\"logits\":[" + eight + ",[0,0]]}").problem(413, "limit_exceeded");
    post("/v1/entropy", "{\"logits\":[" + zeros(1000) + "]}").ok();
    Reply reply = post("/v1/entropy", "{\"logits\":[" + zeros(1001) + "]}");
    reply.problem(413, "limit_exceeded").pointing("/logits");
    assertThat(reply.at("/detail").asString())
        .contains("max_vocab is 1000", "found 1001", "TOKENTROPY_MAX_VOCAB");
  }

  private static String zeros(int n) {
    return "0,".repeat(n - 1) + "0";
  }

  @Test
  void depthNumberAndNameLengthAreLimited() {
    post("/v1/entropy", "{\"logits\":" + "[".repeat(63) + "]".repeat(63) + "}")
        .problem(422, "wrong_type");
    post("/v1/entropy", "{\"logits\":" + "[".repeat(64) + "]".repeat(64) + "}")
        .problem(413, "limit_exceeded");
    post("/v1/entropy", "{\"logits\":[0." + "1".repeat(511) + ",0]}").ok();
    post("/v1/entropy", "{\"logits\":[0." + "1".repeat(512) + ",0]}")
        .problem(413, "limit_exceeded");
    post("/v1/entropy", "{\"" + "a".repeat(256) + "\":1,\"logits\":[0,0]}")
        .problem(422, "unknown_field");
    post("/v1/entropy", "{\"" + "a".repeat(257) + "\":1,\"logits\":[0,0]}")
        .problem(413, "limit_exceeded");
  }

  /** Found by the contract fuzzer: their sums were infinite, and the answer a 500. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/entropy       | {"entropies":[1e308,1e308]}
          /v1/entropy       | {"summary":[{"entropy":1e308},{"entropy":1e308}]}
          /v1/entropy       | {"confidences":[1e308,1e308],"group":2}
          /v1/entropy       | {"lowest_groups":[1e308,-1e308],"keep_percent":10}
          /v1/ead           | {"observations":[1e308,1e308],"config":{"threshold":1,"window":2}}
          /v1/ead/calibrate | {"traces":[[1e308,1e308]],"target_large_fraction":0.5,"window":2}
          """)
  void numbersWhoseSumOverflowsAreNoEntropies(String path, String body) {
    post(path, body).problem(422, "parameter_out_of_range");
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    String body = "{\"logits\":[0,0]" + " ".repeat(99_984) + "}";
    assertThat(body).hasSize(100_000);
    post("/v1/entropy", body).ok();
    post("/v1/entropy", body + " ").problem(413, "limit_exceeded");
  }

  @Test
  void aChunkedBodyIsCutAtTheLimit() {
    byte[] body =
        ("{\"logits\":[0,0]" + " ".repeat(200_000) + "}").getBytes(StandardCharsets.UTF_8);
    send(request("/v1/entropy")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
        .problem(413, "limit_exceeded");
    byte[] small = "{\"logits\":[0,0]}".getBytes(StandardCharsets.UTF_8);
    send(request("/v1/entropy")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(small))))
        .ok();
  }

  @Test
  void aLengthDeclaredTooLongIsRefusedBeforeTheBodyIsSent() throws IOException {
    try (var socket = new Socket("localhost", uri("/").getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              """
              POST /v1/entropy HTTP/1.1\r
              Host: localhost\r
              Content-Type: application/json\r
              Content-Length: 99999999999\r
              \r
              """
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void onlyJsonIsRead() {
    send(request("/v1/entropy")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString("{\"logits\":[0,0]}")))
        .problem(415, "unsupported_media_type");
    send(request("/v1/entropy").POST(BodyPublishers.ofString("{\"logits\":[0,0]}")))
        .problem(415, "unsupported_media_type");
    send(request("/v1/entropy")
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofString("x")))
        .problem(415, "unsupported_media_type");
  }

  @Test
  void onlyJsonIsAnswered() {
    send(request("/v1/entropy")
            .header("Content-Type", "application/json")
            .header("Accept", "text/csv")
            .POST(BodyPublishers.ofString("{\"logits\":[0,0]}")))
        .problem(406, "not_acceptable");
  }

  @Test
  void pathsAndMethodsThatDoNotExistAreProblemsToo() {
    get("/v1/entropie").problem(404, "not_found");
    get("/problems/nothing").problem(404, "not_found");
    Reply reply = send(request("/v1/entropy").DELETE());
    reply.problem(405, "method_not_allowed");
    assertThat(reply.header("Allow").split(", ")).containsExactlyInAnyOrder("GET", "POST");
  }

  @Test
  void optionsListWhatAPathTakes() {
    Reply reply = send(request("/v1/entropy").method("OPTIONS", BodyPublishers.noBody())).ok();
    assertThat(reply.header("Allow").split(",")).contains("GET", "POST", "OPTIONS");
    assertThat(reply.header("Accept-Post").split(", "))
        .contains("application/json", "application/octet-stream", "application/x-npy");
    send(request("/v1/limits").method("OPTIONS", BodyPublishers.noBody())).ok();
  }

  @Test
  void theSameParameterTwiceIsAConflict() {
    get("/v1/entropy?probs=1&probs=1").problem(422, "conflicting_inputs").pointing("/probs");
    post("/v1/entropy?unit=bit", "{\"logits\":[0,0],\"unit\":\"nat\"}")
        .problem(422, "conflicting_inputs")
        .pointing("/unit");
  }

  @Test
  void everyProblemHasAPage() {
    for (ProblemKind kind : ProblemKind.values()) {
      assertThat(get(kind.type()).ok().text()).contains(kind.title, kind.code());
      Reply page = send(request(kind.type()).header("Accept", "text/html"));
      assertThat(page.ok().header("Content-Type")).startsWith("text/html");
    }
  }

  @Test
  void controlCharactersAreNotEchoed() {
    String detail =
        post("/v1/entropy", "{\"logits\":[0,0],\"a\\r\\nb\":1}").at("/detail").asString();
    assertThat(detail).doesNotContain("\r", "\n");
  }
}
