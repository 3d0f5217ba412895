package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import clients.EntropyClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The clients in {@code src/examples/clients} that need nothing but bash, python3 or node. */
class ClientsTest extends ServiceTest {
  private static final String FOLDER = "src/examples/clients/";

  private List<String> run(String program, String file) throws IOException, InterruptedException {
    String base = uri("/").toString().replaceAll("/$", "");
    Process process =
        new ProcessBuilder(program, FOLDER + file, base).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }

  @Test
  void curl() throws IOException, InterruptedException {
    List<JsonNode> answers =
        run("bash", "calls.sh").stream()
            .filter(line -> line.startsWith("{"))
            .map(JSON::readTree)
            .toList();
    assertThat(answers).hasSize(7);
    assertThat(answers.get(0).at("/data/0/entropy").asDouble()).isEqualTo(1.5);
    assertThat(answers.get(1).at("/data/0/kept_ids").toString()).isEqualTo("[0]");
    assertThat(answers.get(2).at("/data/0/entropy").asDouble()).isEqualTo(1);
    assertThat(answers.get(3).get("status").asInt()).isEqualTo(200);
    assertThat(answers.get(4).get("status").asInt()).isEqualTo(422);
    assertThat(answers.get(5).get("object").asString()).isEqualTo("batch.end");
    assertThat(answers.get(6).get("code").asString()).isEqualTo("unknown_field");
  }

  @Test
  void python() throws IOException, InterruptedException {
    List<String> printed = run("python3", "switch_models.py");
    assertThat(printed.get(0))
        .isEqualTo("small small small small large large large small small small");
    assertThat(printed.get(1)).isEqualTo("0.30 of the tokens by the large model, 2 switches");
    assertThat(printed.get(2)).startsWith("missing_input: /config: threshold");
  }

  @Test
  void javaScript() throws IOException, InterruptedException {
    List<String> printed = run("node", "entropy.mjs");
    assertThat(printed.get(0)).isEqualTo("entropy 0.6894 to 1.0890 nat");
    assertThat(printed.get(1)).isEqualTo("10.3735 0.0000");
    assertThat(printed.get(2)).isEqualTo("small small large large small");
    assertThat(printed.get(3)).startsWith("unknown_field: /logit");
  }

  @Test
  void java() throws IOException, InterruptedException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      EntropyClient.run(uri("/"), out);
    }
    List<String> printed = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(JSON.readTree(printed.get(0)).at("/data/0/entropy").asDouble()).isEqualTo(2);
    assertThat(printed.get(1)).isEqualTo("a flat row of 32000: 10.3735 nat, a certain one: 0.0000");
    assertThat(printed.get(2)).startsWith("422 {").contains("unknown_field");
  }

  /** An engine keeps one connection for ever. */
  @Test
  void aConnectionIsNotClosedAfterManyCalls() throws IOException {
    try (var socket = new java.net.Socket("localhost", uri("/").getPort())) {
      socket.setSoTimeout(5000);
      byte[] call =
          "GET /v1/entropy?probs=1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
      var in = new java.io.BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < 300; i++) {
        socket.getOutputStream().write(call);
        assertThat(answer(in)).as("call " + i).startsWith("HTTP/1.1 200");
      }
    }
  }

  /** One answer, up to the end of its JSON. */
  private static String answer(java.io.InputStream in) throws IOException {
    var text = new StringBuilder();
    int depth = 0;
    do {
      int next = in.read();
      assertThat(next).as(text.toString()).isNotNegative();
      text.append((char) next);
      depth += next == '{' ? 1 : next == '}' ? -1 : 0;
    } while (depth > 0 || text.charAt(text.length() - 1) != '}');
    return text.toString();
  }
}
