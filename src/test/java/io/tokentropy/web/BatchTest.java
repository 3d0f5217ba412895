package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** {@code /v1/batch}. */
@TestPropertySource(properties = "tokentropy.max-line-bytes=100000")
class BatchTest extends ServiceTest {
  private Reply batch(String query, String lines) {
    return send(
        request("/v1/batch" + query)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(lines)));
  }

  private static List<JsonNode> lines(Reply reply) {
    var lines = new ArrayList<JsonNode>();
    reply.text().lines().forEach(line -> lines.add(JSON.readTree(line)));
    return lines;
  }

  @Test
  void aStepIsRefusedWhereItStandsInTheLine() {
    String sampler = "{\"sampler\":\"mirostat_v2\",\"sampled_id\":9}";
    String body = "{\"logits\":[[3,2]],\"steps\":[" + sampler + "]}";
    Reply wrapped = batch("", "{\"url\":\"/v1/truncation\",\"body\":" + body + "}").ok();
    assertThat(lines(wrapped).getFirst().at("/error/errors/0/pointer").asString())
        .isEqualTo("/body/steps/0/sampled_id");
    Reply bare = batch("?url=/v1/truncation", body).ok();
    assertThat(lines(bare).getFirst().at("/error/errors/0/pointer").asString())
        .isEqualTo("/steps/0/sampled_id");
  }

  @Test
  void everyLineIsAnsweredAsItsOwnCallAndInOrder() throws Exception {
    String calls =
        """
        {"custom_id":"a","method":"POST","url":"/v1/entropy","body":{"logits":[[0,0]]}}
        {"custom_id":"b","url":"/v1/truncation","body":{"logits":[[3,2,1]],"top_h":0.4}}
        {"custom_id":"c","url":"/v1/entropy","body":{"logits":[[0,null,"x"]]}}

        {"custom_id":"d","url":"/v1/nowhere","body":{}}
        not json
        {"custom_id":"e","url":"/v1/ead","body":{"observations":[1],"config":{"threshold":1}}}
        {"custom_id":"f","method":"GET","url":"/v1/entropy","body":{}}
        {"custom_id":"g","url":"/v1/score","body":{"openai":{"done":false,"logprobs":[{"token":"x","logprob":-1,"top_logprobs":[]}]}}}
        {"custom_id":"h","url":"/v1/entropy","body":{"logits":[[0,0]]},"bdy":1}\
        """;
    Reply reply = batch("", calls).ok();
    assertThat(reply.header("Content-Type")).startsWith("application/x-ndjson");
    List<JsonNode> lines = lines(reply);
    assertThat(lines).hasSize(10);
    int[] statuses = {200, 200, 422, 422, 400, 200, 422, 200, 422};
    for (int i = 0; i < statuses.length; i++) {
      assertThat(lines.get(i).get("line").asInt()).isEqualTo(i);
      assertThat(lines.get(i).get("status").asInt())
          .as(lines.get(i).toString())
          .isEqualTo(statuses[i]);
      assertThat(lines.get(i).has("body")).isEqualTo(statuses[i] == 200);
    }
    assertThat(lines.get(0).get("custom_id").asString()).isEqualTo("a");
    assertThat(lines.get(0).get("body"))
        .isEqualTo(post("/v1/entropy", "{\"logits\":[[0,0]]}").json());
    assertThat(lines.get(2).at("/error/errors/0/pointer").asString()).isEqualTo("/body/logits/0/2");
    assertThat(lines.get(8).at("/error/code").asString()).isEqualTo("unknown_field");
    JsonNode end = lines.getLast();
    assertThat(end.get("object").asString()).isEqualTo("batch.end");
    assertThat(end.get("lines").asInt()).isEqualTo(9);
    assertThat(end.get("ok").asInt()).isEqualTo(4);
    assertThat(end.get("failed").asInt()).isEqualTo(5);
    String text = reply.text();
    String before = text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1);
    assertThat(end.get("digest").asString())
        .isEqualTo(
            "sha256:"
                + HexFormat.of()
                    .formatHex(
                        MessageDigest.getInstance("SHA-256")
                            .digest(before.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void withAUrlTheLinesAreBodies() {
    List<JsonNode> lines =
        lines(batch("?url=/v1/entropy", "{\"probs\":[1]}\r\n{\"probs\":[2]}\n").ok());
    assertThat(lines.get(0).at("/body/data/0/entropy").asDouble()).isZero();
    assertThat(lines.get(1).get("status").asInt()).isEqualTo(422);
    batch("?url=/v1/nowhere", "{}").problem(422, "parameter_out_of_range").pointing("/url");
    batch("?ulr=/v1/entropy", "{}").problem(422, "unknown_field");
  }

  @Test
  void anEmptyBatchHasAnEnd() {
    assertThat(lines(batch("", "").ok())).hasSize(1);
    assertThat(lines(batch("", "\n\n").ok()).getFirst().get("lines").asInt()).isZero();
  }

  @Test
  void aLineThatIsTooLongIsRefusedAndTheNextAnswered() {
    String longest = "{\"logits\":[[" + "0,".repeat(60_000) + "0]]}";
    List<JsonNode> lines = lines(batch("?url=/v1/entropy", longest + "\n{\"probs\":[1]}\n").ok());
    assertThat(lines.get(0).at("/error/code").asString()).isEqualTo("limit_exceeded");
    assertThat(lines.get(0).at("/error/detail").asString()).contains("TOKENTROPY_MAX_LINE_BYTES");
    assertThat(lines.get(1).get("status").asInt()).isEqualTo(200);
  }

  /** A caller that sends a line and waits for its answer gets it before it sends the next. */
  @Test
  void answersComeWhileTheStreamIsOpen() throws IOException {
    try (var socket = new Socket("localhost", uri("/").getPort())) {
      socket.setSoTimeout(5000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/batch?url=/v1/entropy HTTP/1.1\r\n"
                  + "Host: x\r\n"
                  + "Content-Type: application/x-ndjson\r\n"
                  + "Connection: close\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      for (String line : List.of("{\"probs\":[1]}\n\n", "{\"probs\":[1, 0]}\n")) {
        out.write(chunk(line));
        assertThat(answer(reader)).contains("\"status\":200");
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(answer(reader)).contains("batch.end", "\"lines\":2");
    }
  }

  private static byte[] chunk(String text) {
    return (Integer.toHexString(text.length()) + "\r\n" + text + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The next line of the answer that is JSON, past headers and the sizes of chunks. */
  private static String answer(BufferedReader reader) throws IOException {
    String line = reader.readLine();
    while (!line.startsWith("{")) {
      line = reader.readLine();
    }
    return line;
  }

  @Test
  void aCallerThatGoesAwayLeavesTheServiceHealthy() throws IOException {
    for (int i = 0; i < 5; i++) {
      try (var socket = new Socket("localhost", uri("/").getPort())) {
        socket.setSoLinger(true, 0);
        OutputStream out = socket.getOutputStream();
        out.write(
            ("POST /v1/batch?url=/v1/entropy HTTP/1.1\r\n"
                    + "Host: x\r\n"
                    + "Content-Type: application/x-ndjson\r\n"
                    + "Content-Length: 1000000\r\n\r\n"
                    + "{\"probs\":[1]}\n".repeat(1000))
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    }
    assertThat(lines(batch("?url=/v1/entropy", "{\"probs\":[1]}").ok())).hasSize(2);
  }
}
