package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Rows that come as bytes: raw, as npy, in base64; and answers that go out packed. */
class BinaryTest extends ServiceTest {
  private static final String RAW = "application/octet-stream";
  private static final String NPY = "application/x-npy";

  private static float[] logits(long seed, int size) {
    var random = new SplittableRandom(seed);
    var row = new float[size];
    for (int i = 0; i < size; i++) {
      row[i] = (float) (2.5 * random.nextGaussian());
    }
    return row;
  }

  private static byte[] bytes(String dtype, float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float number : numbers) {
      switch (dtype) {
        case "f32" -> bytes.putFloat(number);
        case "f16" -> bytes.putShort(Float.floatToFloat16(number));
        case "bf16" -> bytes.putShort((short) (Float.floatToRawIntBits(number) >> 16));
        default -> bytes.putDouble(number);
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** The numbers that are left of these in a type. */
  private static double[] rounded(String dtype, float... numbers) {
    var rounded = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      rounded[i] =
          switch (dtype) {
            case "f16" -> Float.float16ToFloat(Float.floatToFloat16(numbers[i]));
            case "bf16" -> Float.intBitsToFloat(Float.floatToRawIntBits(numbers[i]) & 0xFFFF0000);
            default -> numbers[i];
          };
    }
    return rounded;
  }

  private Reply send(String path, String type, BodyPublisher body) {
    return send(request(path).header("Content-Type", type).POST(body));
  }

  private Reply send(String path, String type, byte[] body) {
    return send(path, type, BodyPublishers.ofByteArray(body));
  }

  private static String json(String kind, double[]... rows) {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray(kind);
    for (double[] row : rows) {
      ArrayNode numbers = list.addArray();
      Arrays.stream(row).forEach(numbers::add);
    }
    return body.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "bf16", "f64"})
  void rawRowsHaveTheEntropyOfTheirNumbers(String dtype) {
    float[] one = logits(1, 5000);
    float[] two = logits(2, 5000);
    var both = Arrays.copyOf(one, 10_000);
    System.arraycopy(two, 0, both, 5000, 5000);
    JsonNode found =
        send("/v1/entropy?unit=bit&dtype=" + dtype + "&shape=2,5000", RAW, bytes(dtype, both))
            .ok()
            .json();
    JsonNode expected =
        post("/v1/entropy?unit=bit", json("logits", rounded(dtype, one), rounded(dtype, two)))
            .ok()
            .json();
    assertThat(found.get("precision").asString()).isEqualTo(dtype.equals("f64") ? "f64" : "f32");
    for (int i = 0; i < 2; i++) {
      JsonNode item = found.at("/data/" + i);
      JsonNode exact = expected.at("/data/" + i);
      double tolerance = dtype.equals("f64") ? 1e-12 : 1.5e-6;
      assertThat(item.get("entropy").asDouble())
          .isCloseTo(exact.get("entropy").asDouble(), within(tolerance));
      assertThat(item.at("/top/id")).isEqualTo(exact.at("/top/id"));
      assertThat(item.at("/top/prob").asDouble())
          .isCloseTo(exact.at("/top/prob").asDouble(), within(1e-6));
      assertThat(item.get("vocab_size").asInt()).isEqualTo(5000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logits", "logprobs", "probs"})
  void everyKindMayComeAsBytes(String kind) {
    float[] row =
        switch (kind) {
          case "logits" -> new float[] {3, 1, 0.5f, -2};
          case "probs" -> new float[] {0.5f, 0.25f, 0.125f, 0.125f};
          default ->
              new float[] {(float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.25)};
        };
    String query = "?dtype=f32&shape=1," + row.length + "&kind=" + kind;
    double found =
        send("/v1/entropy" + query, RAW, bytes("f32", row)).ok().at("/data/0/entropy").asDouble();
    double expected =
        post("/v1/entropy", json(kind, rounded("f32", row))).at("/data/0/entropy").asDouble();
    assertThat(found).isCloseTo(expected, within(1e-6));
    JsonNode measured =
        send("/v1/entropy" + query + "&measures=varentropy,margin", RAW, bytes("f32", row))
            .ok()
            .at("/data/0");
    JsonNode exact =
        post("/v1/entropy?measures=varentropy,margin", json(kind, rounded("f32", row)))
            .at("/data/0");
    assertThat(measured.get("varentropy")).isEqualTo(exact.get("varentropy"));
    assertThat(measured.get("margin")).isEqualTo(exact.get("margin"));
  }

  @Test
  void temperatureAndMasksWorkOnBytes() {
    float[] row = {1, Float.NEGATIVE_INFINITY, 3, 0.5f};
    double found =
        send("/v1/entropy?dtype=f32&shape=4&temperature=0.7", RAW, bytes("f32", row))
            .ok()
            .at("/data/0/entropy")
            .asDouble();
    assertThat(found)
        .isCloseTo(
            post("/v1/entropy", "{\"logits\":[[1,null,3,0.5]],\"temperature\":0.7}")
                .at("/data/0/entropy")
                .asDouble(),
            within(1e-12));
  }

  @Test
  void truncationOfBytesIsThatOfTheirNumbers() {
    float[] row = logits(5, 3000);
    JsonNode found =
        send(
                "/v1/truncation?dtype=f32&shape=1,3000&top_h=0.4&top_k=50&return=ids,logprobs",
                RAW,
                bytes("f32", row))
            .ok()
            .json();
    JsonNode expected =
        post(
                "/v1/truncation?top_h=0.4&top_k=50&return=ids,logprobs",
                json("logits", rounded("f32", row)))
            .ok()
            .json();
    assertThat(found.get("precision").asString()).isEqualTo("f32");
    assertThat(found.get("data")).isEqualTo(expected.get("data"));
  }

  private static byte[] npy(int version, String header, byte[] data) {
    String padded = header;
    while ((padded.length() + (version == 1 ? 11 : 13)) % 64 != 0) {
      padded += " ";
    }
    padded += "\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + padded.length() + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      bytes.putShort((short) padded.length());
    } else {
      bytes.putInt(padded.length());
    }
    bytes.put(padded.getBytes(StandardCharsets.US_ASCII)).put(data);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private static String header(String descr, String order, String shape) {
    return "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void npyFilesOfEveryVersionAreRead(int version) {
    for (String dtype : List.of("f32", "f16", "f64")) {
      String descr = "<f" + (dtype.equals("f32") ? 4 : dtype.equals("f16") ? 2 : 8);
      float[] row = {2, 1, 0, -1, 0.5f, 0.25f};
      JsonNode data =
          send(
                  "/v1/entropy",
                  NPY,
                  npy(version, header(descr, "False", "(2, 3)"), bytes(dtype, row)))
              .ok()
              .at("/data");
      JsonNode expected = post("/v1/entropy", "{\"logits\":[[2,1,0],[-1,0.5,0.25]]}").at("/data");
      for (int i = 0; i < 2; i++) {
        assertThat(data.get(i).get("entropy").asDouble())
            .isCloseTo(expected.get(i).get("entropy").asDouble(), within(1e-6));
      }
    }
    byte[] flat = npy(version, header("<f4", "False", "(3,)"), bytes("f32", 0, 0, 0));
    assertThat(send("/v1/entropy", NPY, flat).ok().at("/data/0/entropy").asDouble())
        .isCloseTo(Math.log(3), within(1e-9));
  }

  /** The same two rows in every order of bytes and of rows, and as bfloat16. */
  @ParameterizedTest
  @CsvSource({
    "<f4, False, f32",
    "=f4, False, f32",
    ">f4, False, f32",
    "<f4, True, f32",
    ">f4, True, f32",
    ">f8, True, f64",
    ">f2, False, f16",
    "<V2, False, bf16",
    "|V2, True, bf16",
    "bfloat16, False, bf16"
  })
  void npyFilesOfEveryOrderAreRead(String descr, String order, String dtype) {
    boolean columns = order.equals("True");
    byte[] data =
        columns ? bytes(dtype, 2, -1, 1, 0.5f, 0, 0.25f) : bytes(dtype, 2, 1, 0, -1, 0.5f, 0.25f);
    if (descr.startsWith(">")) {
      int width = data.length / 6;
      for (int at = 0; at < data.length; at += width) {
        for (int i = 0; i < width / 2; i++) {
          byte low = data[at + i];
          data[at + i] = data[at + width - 1 - i];
          data[at + width - 1 - i] = low;
        }
      }
    }
    JsonNode found =
        send("/v1/entropy", NPY, npy(1, header(descr, order, "(2, 3)"), data)).ok().at("/data");
    JsonNode expected = post("/v1/entropy", "{\"logits\":[[2,1,0],[-1,0.5,0.25]]}").at("/data");
    for (int i = 0; i < 2; i++) {
      assertThat(found.get(i).get("entropy").asDouble())
          .isCloseTo(expected.get(i).get("entropy").asDouble(), within(1e-6));
    }
  }

  @ParameterizedTest(name = "{0} {1} {2} of {3} bytes")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          <i4 | False | (2, 3) | 24 | wrong_type
          <c8 | False | (2, 3) | 48 | wrong_type
          V4 | False | (2, 3) | 24 | wrong_type
          >f4 | True  | (2, 3) | 23 | shape_mismatch
          <f4 | False | (2, 3) | 23 | shape_mismatch
          <f4 | False | (2, 3) | 25 | shape_mismatch
          <f4 | False | (2, 3) | 0  | shape_mismatch
          <f4 | False | ()     | 4  | parameter_out_of_range
          <f4 | False | (0,)   | 0  | parameter_out_of_range
          <f4 | False | (1, 2, 3)  | 24 | parameter_out_of_range
          <f4 | False | (99999999999999999999, 2) | 24 | parameter_out_of_range
          """)
  void otherNpyFilesAreRefusedByName(
      String descr, String order, String shape, int size, String code) {
    Reply refused =
        send("/v1/entropy", NPY, npy(1, header(descr, order, shape), new byte[size]))
            .problem(422, code);
    if (code.equals("wrong_type")) {
      assertThat(refused.at("/detail").asString()).contains(descr);
    }
  }

  @Test
  void whatIsNoNpyFileIsRefused() {
    byte[] good = npy(1, header("<f4", "False", "(1, 2)"), bytes("f32", 0, 0));
    for (int length = 0; length < good.length; length++) {
      Reply refused = send("/v1/entropy", NPY, Arrays.copyOf(good, length));
      assertThat(refused.status()).as("first " + length).isEqualTo(422);
    }
    byte[] other = good.clone();
    other[6] = 4;
    send("/v1/entropy", NPY, other).problem(422, "wrong_type");
    byte[] greedy = good.clone();
    greedy[8] = -1;
    greedy[9] = -1;
    send("/v1/entropy", NPY, greedy).problem(422, "wrong_type");
  }

  @ParameterizedTest(name = "{0} with {1} bytes: {3} at {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          shape=1,4             | 16 | 422 | missing_input          | ''
          dtype=f32             | 16 | 422 | missing_input          | ''
          dtype=f8&shape=1,4    | 16 | 422 | parameter_out_of_range | /dtype
          dtype=f32&shape=1,4&kind=top_logprobs | 16 | 422 | parameter_out_of_range | /kind
          dtype=f32&shape=1,4   | 15 | 422 | shape_mismatch         | ''
          dtype=f32&shape=1,4   | 17 | 422 | shape_mismatch         | ''
          dtype=f32&shape=1,4   | 0  | 422 | shape_mismatch         | ''
          dtype=f16&shape=1,4   | 7  | 422 | shape_mismatch         | ''
          dtype=f32&shape=0,4   | 0  | 422 | parameter_out_of_range | /shape
          dtype=f32&shape=1,-4  | 16 | 422 | parameter_out_of_range | /shape
          dtype=f32&shape=1,2,2 | 16 | 422 | parameter_out_of_range | /shape
          dtype=f32&shape=x     | 16 | 422 | wrong_type             | /shape/0
          dtype=f32&shape=1.5,4 | 16 | 422 | wrong_type             | /shape/0
          dtype=f32&shape=65536,65536 | 16 | 413 | limit_exceeded   | /shape
          dtype=f64&shape=4096,1048576 | 16 | 422 | shape_mismatch  | ''
          dtype=f32&shape=1,4&mesures=margin | 16 | 422 | unknown_field | /mesures
          """)
  void rawRowsOfAnotherSizeAreRefused(
      String query, int size, int status, String code, String pointer) {
    send("/v1/entropy?" + query, RAW, new byte[size]).problem(status, code).pointing(pointer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "f16", "bf16", "f64"})
  void nanIsRefusedWithItsByte(String dtype) {
    float[] rows = new float[2 * 300];
    rows[300 + 123] = Float.NaN;
    Reply refused =
        send("/v1/entropy?dtype=" + dtype + "&shape=2,300", RAW, bytes(dtype, rows))
            .problem(422, "not_finite")
            .pointing("/1/123");
    int size = dtype.equals("f32") ? 4 : dtype.equals("f64") ? 8 : 2;
    assertThat(refused.at("/errors/0/byte_offset").asInt()).isEqualTo(423 * size);
  }

  @Test
  void aRowOfMaskedTokensOnlyIsRefused() {
    float[] row = new float[100];
    Arrays.fill(row, Float.NEGATIVE_INFINITY);
    send("/v1/entropy?dtype=f32&shape=100", RAW, bytes("f32", row)).problem(422, "all_masked");
  }

  @Test
  void chunkedBodiesAreRead() {
    byte[] body = bytes("f32", logits(9, 100_000));
    BodyPublisher chunked = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    String path = "/v1/entropy?dtype=f32&shape=1,100000";
    assertThat(send(path, RAW, chunked).ok().at("/data"))
        .isEqualTo(send(path, RAW, body).ok().at("/data"));
    BodyPublisher cut =
        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body, 0, body.length - 3));
    send(path, RAW, cut).problem(422, "shape_mismatch");
  }

  @Test
  void base64InJsonIsTheSameAsTheBytes() {
    byte[] body = bytes("f32", logits(3, 64));
    String json =
        "{\"logits\":{\"dtype\":\"f32\",\"shape\":[2,32],\"data\":\"%s\"}}"
            .formatted(Base64.getEncoder().encodeToString(body));
    assertThat(post("/v1/entropy", json).ok().json())
        .isEqualTo(send("/v1/entropy?dtype=f32&shape=2,32", RAW, body).ok().json());
    post("/v1/entropy", json.replace("[2,32]", "[2,31]"))
        .problem(422, "shape_mismatch")
        .pointing("/logits/data");
    post("/v1/entropy", json.replace("\"f32\"", "\"f33\""))
        .problem(422, "parameter_out_of_range")
        .pointing("/logits/dtype");
    post("/v1/entropy", "{\"logits\":{\"dtype\":\"f32\",\"shape\":[1,1],\"data\":\"?\"}}")
        .problem(422, "wrong_type")
        .pointing("/logits/data");
    post("/v1/entropy", "{\"logits\":{\"dtype\":\"f32\",\"shape\":[1,1]}}")
        .problem(422, "missing_input")
        .pointing("/logits");
  }

  @Test
  void matricesOfInvEntropyMayBeBase64() {
    String eye = Base64.getEncoder().encodeToString(bytes("f64", 1, 0, 0, 0, 1, 0, 0, 0, 1));
    String json =
        """
        {"embeddings_x":{"dtype":"f64","shape":[3,3],"data":"%s"},
         "embeddings_y":[[1,0,0],[0,1,0],[0,0,1]]}
        """
            .formatted(eye);
    JsonNode item = post("/v1/inv-entropy", json).ok().at("/data/0");
    assertThat(item.get("inv_entropy"))
        .isEqualTo(
            post(
                    "/v1/inv-entropy",
                    "{\"embeddings_x\":[[1,0,0],[0,1,0],[0,0,1]],"
                        + "\"embeddings_y\":[[1,0,0],[0,1,0],[0,0,1]]}")
                .at("/data/0/inv_entropy"));
    String nan = Base64.getEncoder().encodeToString(bytes("f32", 1, 0, Float.NaN, 1));
    post(
            "/v1/inv-entropy",
            "{\"embeddings_x\":{\"dtype\":\"f32\",\"shape\":[2,2],\"data\":\"%s\"},\"embeddings_y\":[[1],[1]]}"
                .formatted(nan))
        .problem(422, "not_finite")
        .pointing("/embeddings_x/1/0");
  }

  private Reply packed(String path, String type, byte[] body) {
    return send(
        request(path)
            .header("Content-Type", type)
            .header("Accept", RAW)
            .POST(BodyPublishers.ofByteArray(body)));
  }

  @Test
  void packedEntropiesAreFloats() {
    String json = "{\"logits\":[[0,0,0,0],[1,2,3,4]],\"unit\":\"bit\"}";
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    Reply reply = packed("/v1/entropy", "application/json", body).ok();
    assertThat(reply.header("Content-Type")).isEqualTo(RAW);
    ByteBuffer floats = ByteBuffer.wrap(reply.body()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(floats.remaining()).isEqualTo(8);
    assertThat(floats.getFloat()).isEqualTo(2);
    assertThat((double) floats.getFloat())
        .isCloseTo(post("/v1/entropy", json).at("/data/1/entropy").asDouble(), within(1e-6));
    packed(
            "/v1/entropy",
            "application/json",
            "{\"top_logprobs\":[[-1]]}".getBytes(StandardCharsets.UTF_8))
        .problem(422, "missing_input")
        .pointing("/top_logprobs/0");
  }

  @Test
  void packedKeptSetsAreCountsAndIds() {
    float[] row = {1, 5, 3, 4, -2, 0, 0, 0, 0, 2};
    byte[] body = bytes("f32", row);
    String path = "/v1/truncation?dtype=f32&shape=1,10&top_k=3";
    ByteBuffer ids =
        ByteBuffer.wrap(packed(path, RAW, body).ok().body()).order(ByteOrder.LITTLE_ENDIAN);
    var found = new int[4];
    ids.asIntBuffer().get(found);
    assertThat(found).containsExactly(3, 1, 3, 2);
    byte[] mask = packed(path + "&format=bitmask", RAW, body).ok().body();
    assertThat(mask).containsExactly(0b0000_1110, 0);
  }

  @Test
  void sixtyFourCallersGetTheBytesOfOne() throws Exception {
    byte[] body = bytes("f32", logits(11, 32_000));
    String path = "/v1/entropy?dtype=f32&shape=1,32000";
    byte[] alone = send(path, RAW, body).ok().body();
    try (var threads = Executors.newFixedThreadPool(64)) {
      var calls = new ArrayList<Callable<byte[]>>();
      for (int i = 0; i < 640; i++) {
        calls.add(
            () -> {
              Reply reply = send(path, RAW, body);
              while (reply.status() == 503 || reply.status() == 429) {
                reply = send(path, RAW, body); // a busy machine: the bytes are what is promised
              }
              return reply.ok().body();
            });
      }
      for (var answer : threads.invokeAll(calls)) {
        assertThat(answer.get()).isEqualTo(alone);
      }
    }
  }

  @Test
  void aRowGivesTheSameAloneAndInABatch() {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < 8; i++) {
      all.writeBytes(bytes("f32", logits(i, 9000)));
    }
    JsonNode batch =
        send("/v1/entropy?dtype=f32&shape=8,9000", RAW, all.toByteArray()).ok().at("/data");
    for (int i = 0; i < 8; i++) {
      JsonNode alone =
          send("/v1/entropy?dtype=f32&shape=1,9000", RAW, bytes("f32", logits(i, 9000)))
              .ok()
              .at("/data/0");
      assertThat(batch.get(i).get("entropy")).isEqualTo(alone.get("entropy"));
      assertThat(batch.get(i).get("top")).isEqualTo(alone.get("top"));
    }
  }
}
