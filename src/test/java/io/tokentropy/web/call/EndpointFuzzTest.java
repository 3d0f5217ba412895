package io.tokentropy.web.call;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.input.BinaryRows;
import io.tokentropy.fuzz.Allocation;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What endpoints make of anything: an answer that is JSON with finite numbers, or a refusal. */
@Tag("fuzz")
class EndpointFuzzTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final PlainCalls CALLS =
      new PlainCalls(
          Map.of(
              "tokentropy.max-body-bytes", "65536",
              "tokentropy.max-rows", "64",
              "tokentropy.max-vocab", "1024",
              "tokentropy.max-decoded-bytes", "1048576",
              "tokentropy.max-nodes", "1000",
              "tokentropy.max-bootstrap-draws", "20",
              "tokentropy.max-inv-entropy-operations", "100000",
              "tokentropy.max-uncertainty-operations", "1000000"));
  private static final List<String> PATHS = List.copyOf(CALLS.paths());
  private static final ObjectNode STATE = state();

  private static ObjectNode state() {
    String body =
        """
        {"observations":[0.2,1.5,1.7,0.1],"config":{"threshold":1,"window":3,"on_escalate":"redo"}}
        """;
    return (ObjectNode) JSON.readTree(answer("/v1/ead", body.getBytes())).at("/data/0/state");
  }

  private static byte[] answer(String path, byte[] body) {
    return CALLS.answer(path, body);
  }

  /** Numbers count for more here than bytes: a row of 0 makes a page of figures. */
  private static void within(long size, Runnable call) {
    Allocation.withinUnderHooks(4096 + 16 * size, call);
  }

  private static void ask(String path, byte[] body) {
    within(
        body.length,
        () -> {
          try {
            requireFinite(JSON.readTree(answer(path, body)));
          } catch (InvalidInput e) {
            assertThat(e.detail()).isNotBlank();
          }
        });
  }

  private static void requireFinite(JsonNode answer) {
    if (answer.isNumber()) {
      assertThat(answer.asDouble()).isFinite();
    }
    answer.forEach(EndpointFuzzTest::requireFinite);
  }

  private static String[] bodies() {
    return new String[] {
      "{\"logits\":[[1,null,-3.5],[0,\"-inf\",0]],\"unit\":\"bit\",\"measures\":[\"varentropy\"]}",
      "{\"logits\":[1,2],\"steps\":[{\"sampler\":\"top_h\",\"alpha\":0.4}],\"exact\":true}",
      "{\"probs\":[0.5,0.25,0.25],\"top_h\":0.4,\"top_k\":3,\"return\":[\"logprobs\",\"cutoff\"]}",
      "{\"top_logprobs\":[[-0.1,-3,{\"logprob\":-9999,\"id\":7}]],\"vocab_size\":100,\"top_p\":0.9}",
      "{\"summary\":[{\"entropy\":1,\"varentropy\":0.5}],\"measures\":[\"quadrant\"]}",
      "{\"sim_x\":[[1,0.5],[0.5,1]],\"sim_y\":[[1,0.1],[0.1,1]],\"return\":[\"matrices\"]}",
      "{\"embeddings_x\":[[1,0],[0,1]],\"embeddings_y\":[[1,0],[1,1],[0,1],[1,2]],"
          + "\"answers_per_prompt\":2,\"bootstrap\":{\"draws\":5,\"seed\":3}}",
      "{\"sequences\":[{\"id\":\"a\",\"observations\":[1,null,{\"lower\":0,\"upper\":2}]}],"
          + "\"config\":{\"profile\":\"gateway\",\"threshold\":1}}",
      "{\"traces\":[[1,2,3,4,5,6]],\"target_large_fraction\":0.3,\"window\":2}",
      "{\"scores\":[[1,2,3],[3,2,1]],\"temperatures\":[0.1,0.5,1]}",
      "{\"logits\":[[3,2,1]],\"top_h\":0.4,\"seed\":4,\"counter\":1,\"model\":\"m\"}",
      "{\"top_logprobs\":[[{\"token\":\"a\",\"id\":1,\"logprob\":-1}]],\"vocab_size\":9,"
          + "\"labels\":[\"a\",{\"name\":\"b\",\"tokens\":[2],\"score\":1}],\"match\":\"fold\"}",
      "{\"candidates\":[{\"name\":\"a\",\"logprobs\":[null,-1]}],\"normalize\":\"per_byte\"}",
      "{\"members\":[{\"probs\":[0.5,0.5]},{\"logits\":[1,null],\"temperature\":2}],"
          + "\"log_likelihoods\":[0,-1],\"prior\":[1,2]}",
      "{\"reference\":{\"probs\":[0.5,0.5]},\"candidate\":{\"logits\":[1,null]},\"label\":1,"
          + "\"renyi_orders\":[0.5,\"inf\"],\"embeddings\":[[1],[2]],\"coupling\":\"maximal\"}",
      "{\"texts\":[\"a b\",\"a\",\"c\"],\"logprobs\":[[-1,-2],[-1],[-3]],\"unit\":\"bit\"}",
      "{\"entail\":[[1,0.8],[0.7,1]],\"contra\":[[0,0.1],[0,0]],\"classes\":[3,4],"
          + "\"options\":{\"semantic_classes\":{\"rule\":\"loose\"}},\"answer\":1}",
      "{\"items\":[{\"similarity\":[[1,0.5],[0.5,1]],\"energies\":[1,2],\"symmetrize\":true}],"
          + "\"measures\":[\"sentence_sar\"],\"t\":0.5}",
      "{\"logprobs\":[-0.1,-2],\"similarity_without_token\":[0.9,0.4],\"about\":false}",
      "{\"confidences\":[1,2,3],\"group\":2,\"bottom\":50,\"tail\":1,\"threshold\":2}"
    };
  }

  static Stream<byte[]> everyBodyOnEveryPath() {
    return Stream.of(bodies())
        .flatMap(
            body ->
                Stream.iterate(0, i -> i < PATHS.size(), i -> i + 1)
                    .map(i -> ((char) i.intValue() + body).getBytes(StandardCharsets.UTF_8)));
  }

  /** The first byte chooses the path. */
  @MethodSource("everyBodyOnEveryPath")
  @FuzzTest(maxDuration = "5m")
  void json(byte[] input) {
    if (input.length > 0) {
      byte[] body = java.util.Arrays.copyOfRange(input, 1, input.length);
      ask(PATHS.get((input[0] & 0xFF) % PATHS.size()), body);
    }
  }

  @FuzzTest(maxDuration = "5m")
  void base64(FuzzedDataProvider data) {
    ObjectNode block = JSON.createObjectNode().put("dtype", dtype(data));
    ArrayNode shape = block.putArray("shape");
    for (int sizes = data.consumeInt(0, 3); sizes > 0; sizes--) {
      shape.add(data.consumeBoolean() ? data.consumeInt(-1, 8) : data.consumeLong());
    }
    String path = data.pickValue(List.of("/v1/entropy", "/v1/truncation"));
    ObjectNode body = JSON.createObjectNode();
    if (path.equals("/v1/truncation")) {
      body.put("top_p", 0.9);
    }
    body.set(kind(data), block);
    boolean encoded = data.consumeBoolean();
    byte[] rest = data.consumeRemainingAsBytes();
    block.put(
        "data",
        encoded
            ? Base64.getEncoder().encodeToString(rest)
            : new String(rest, StandardCharsets.ISO_8859_1));
    ask(path, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String dtype(FuzzedDataProvider data) {
    return data.pickValue(List.of("f16", "bf16", "f32", "f64", "f8"));
  }

  private static String kind(FuzzedDataProvider data) {
    return data.pickValue(List.of("logits", "logprobs", "probs"));
  }

  /** Raw rows with a query string, half of the time one that nearly fits. */
  @FuzzTest(maxDuration = "5m")
  void octetStream(FuzzedDataProvider data) {
    String type = data.consumeBoolean() ? BinaryRows.OCTET_STREAM : BinaryRows.NPY;
    boolean packed = data.consumeBoolean();
    String path = data.pickValue(List.of("/v1/entropy", "/v1/truncation", "/v1/step"));
    int rows = data.consumeInt(0, 3);
    int columns = data.consumeInt(0, 9);
    boolean fits = data.consumeBoolean();
    String query =
        fits
            ? "dtype="
                + dtype(data)
                + "&shape="
                + rows
                + ","
                + columns
                + "&kind="
                + kind(data)
                + (path.equals("/v1/entropy") ? "" : "&top_k=2&top_p=0.9")
            : data.consumeString(80);
    byte[] body = data.consumeRemainingAsBytes();
    within(
        body.length,
        () -> {
          try {
            byte[] answer = CALLS.answer(path, type, query, body, packed);
            if (!packed) {
              requireFinite(JSON.readTree(answer));
            }
          } catch (InvalidInput | Endpoint.NotPackable e) {
            assertThat(e.getMessage()).isNotBlank();
          }
        });
  }

  /** A state that was handed out, with some of its numbers changed. */
  @FuzzTest(maxDuration = "5m")
  void eadState(FuzzedDataProvider data) {
    ObjectNode state = STATE.deepCopy();
    for (String name : List.copyOf(STATE.propertyNames())) {
      switch (data.consumeInt(0, 5)) {
        case 0 -> state.put(name, data.consumeInt(0, 8));
        case 1 -> state.put(name, data.consumeInt());
        case 2 -> state.put(name, data.consumeDouble());
        case 3 -> {
          ArrayNode list = state.putArray(name);
          for (int i = data.consumeInt(0, 4); i > 0; i--) {
            if (data.consumeBoolean()) {
              list.add(data.consumeRegularDouble());
            } else {
              list.addArray().add(data.consumeRegularDouble()).addNull();
            }
          }
        }
        default -> {}
      }
    }
    ObjectNode body = JSON.createObjectNode();
    body.putObject("config").put("threshold", 1).put("window", 3).put("on_escalate", "redo");
    body.putArray("observations").add(data.consumeRegularDouble(0, 10)).add(2);
    body.set("state", state);
    ask("/v1/ead", body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
