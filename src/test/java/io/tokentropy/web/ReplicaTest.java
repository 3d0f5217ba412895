package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Several processes: what one answers, another one answers, and goes on from. */
class ReplicaTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private Path logs;

  private final List<ServiceProcess> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(ServiceProcess::close);
  }

  private ServiceProcess start() throws IOException, InterruptedException {
    var service = ServiceProcess.start(logs, List.of("-Xmx256m"), List.of());
    started.add(service);
    return service;
  }

  private static JsonNode decide(ServiceProcess service, JsonNode observations, JsonNode state)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.createObjectNode();
    body.putObject("config").put("threshold", 0.9).put("window", 3).put("min_large", 2);
    body.set("observations", observations);
    if (state != null) {
      body.set("state", state);
    }
    return JSON.readTree(post(service, "/v1/ead", body.toString())).at("/data/0");
  }

  private static String post(ServiceProcess service, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = service.post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void twoProcessesGiveTheSameBytesForTheSameSeed() throws IOException, InterruptedException {
    String texts = Files.readString(Path.of("src/examples/inv-entropy/scatter.json"));
    String vectors =
        """
        {"embeddings_x":[[1,0.1],[0.9,0.2],[1,0]],
         "embeddings_y":[[0,1],[0.1,1],[1,0.2],[0,1],[0.3,1],[1,1]],
         "answers_per_prompt":2,"bootstrap":{"draws":200,"seed":-42},"return":["per_draw"]}
        """;
    ServiceProcess first = start();
    ServiceProcess second = start();
    for (String body : List.of(texts, vectors)) {
      String one = post(first, "/v1/inv-entropy", body);
      assertThat(post(second, "/v1/inv-entropy", body)).isEqualTo(one);
    }
  }

  @Test
  void anotherProcessGoesOnFromTheSameState() throws IOException, InterruptedException {
    var all = JSON.createArrayNode();
    for (double entropy :
        new double[] {0.1, 0.4, 1.2, 1.9, 2.2, 0.7, 0.3, 0.2, 1.4, 1.6, 0.1, 0.2}) {
      all.add(entropy);
    }
    var head = JSON.createArrayNode();
    var tail = JSON.createArrayNode();
    for (int i = 0; i < all.size(); i++) {
      (i < 5 ? head : tail).add(all.get(i));
    }
    ServiceProcess first = start();
    JsonNode undisturbed = decide(first, all, null);
    JsonNode half = decide(first, head, null);
    first.process().destroyForcibly().waitFor();

    JsonNode rest = decide(start(), tail, half.get("state"));
    assertThat(rest.get("summary")).isEqualTo(undisturbed.get("summary"));
    assertThat(rest.get("state")).isEqualTo(undisturbed.get("state"));
    for (int i = 5; i < all.size(); i++) {
      assertThat(rest.get("steps").get(i - 5)).isEqualTo(undisturbed.get("steps").get(i));
    }
  }
}
