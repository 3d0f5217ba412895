package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.test.context.ContextConfiguration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every operation of the contract shows a request and what is answered to it; the running service
 * answers exactly that. An answer called an excerpt must be part of what is answered.
 */
@ContextConfiguration(initializers = ExampleModels.class)
class ContractExamplesTest extends ServiceTest {
  /** Fields that differ from call to call, machine to machine or version to version. */
  private static final Set<String> OF_THE_CALL =
      Set.of("version", "jdk", "kernel", "kernel_bits", "request_id", "instance");

  private static final String JSON_BODY = "/requestBody/content/application~1json";

  private static final Pattern NUMBER_AT_THE_END = Pattern.compile(" [-+.0-9eE]+$");

  @TestFactory
  Stream<DynamicTest> everyFirstExampleIsAnsweredAsTheContractSays() {
    return Contract.operations().stream()
        .map(
            operation ->
                dynamicTest(
                    operation.name(),
                    () -> {
                      JsonNode said = operation.said().at("/responses/200/content");
                      JsonNode example = example(said);
                      assertThat(example.isMissingNode()).as("no example of an answer").isFalse();
                      Reply reply = firstCall(operation).ok();
                      assertThat(
                              said.propertyNames().stream()
                                  .anyMatch(reply.header("Content-Type")::startsWith))
                          .as(reply.header("Content-Type"))
                          .isTrue();
                      compare(example, reply);
                    }));
  }

  /** Clients that are made from the contract send every default that it states. */
  @TestFactory
  Stream<DynamicTest> everyDefaultMayBeSent() {
    return Contract.operations().stream()
        .filter(operation -> operation.said().at(JSON_BODY).has("schema"))
        .flatMap(
            operation ->
                operation.said().at(JSON_BODY).path("examples").properties().stream()
                    .map(
                        example ->
                            dynamicTest(
                                operation.name() + " " + example.getKey(),
                                () -> {
                                  JsonNode body = example.getValue().get("value").deepCopy();
                                  post(operation.path(), body.toString()).ok();
                                  addDefaults(operation.said().at(JSON_BODY).get("schema"), body);
                                  post(operation.path(), body.toString()).ok();
                                })));
  }

  private static void addDefaults(JsonNode schema, JsonNode value) {
    JsonNode said = resolved(schema);
    if (value.isArray()) {
      value.forEach(item -> addDefaults(said.path("items"), item));
    }
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : said.path("properties").properties()) {
        JsonNode ofProperty = resolved(property.getValue());
        if (object.has(property.getKey())) {
          addDefaults(ofProperty, object.get(property.getKey()));
        } else if (ofProperty.has("default")) {
          object.set(property.getKey(), ofProperty.get("default"));
        }
      }
    }
  }

  private static JsonNode resolved(JsonNode schema) {
    return schema.has("$ref")
        ? Contract.FILE.at(schema.get("$ref").asString().substring(1))
        : schema;
  }

  @Test
  void theProblemShownIsTheOneThatIsAnswered() {
    JsonNode shown = example(Contract.FILE.at("/components/responses/Problem/content"));
    JsonNode answered =
        post("/v1/entropy", "{\"logits\":[[null]]}").problem(422, "all_masked").json();
    assertSame("", shown.get("value"), answered, false);
  }

  /** The first example of the first media type, or nothing. */
  private static JsonNode example(JsonNode content) {
    return content.values().stream()
        .findFirst()
        .flatMap(media -> media.path("examples").values().stream().findFirst())
        .orElseGet(() -> Contract.FILE.path("nothing"));
  }

  private Reply firstCall(Contract.Operation operation) {
    String path = operation.path();
    JsonNode content = operation.said().at("/requestBody/content");
    if (operation.method().equals("post")) {
      JsonNode body = example(content).get("value");
      return send(
          request(path)
              .header("Content-Type", content.propertyNames().iterator().next())
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      body.isString() ? body.asString() : body.toString())));
    }
    var query = new StringBuilder();
    for (JsonNode parameter : operation.said().path("parameters")) {
      if (parameter.has("example")) {
        String name = parameter.get("name").asString();
        String value =
            URLEncoder.encode(parameter.get("example").asString(), StandardCharsets.UTF_8);
        if (parameter.get("in").asString().equals("path")) {
          path = path.replace("{" + name + "}", value);
        } else {
          query.append(query.isEmpty() ? "?" : "&").append(name).append('=').append(value);
        }
      }
    }
    return get(path + query);
  }

  private void compare(JsonNode example, Reply reply) {
    boolean excerpt = example.path("summary").asString("").startsWith("An excerpt");
    JsonNode value = example.get("value");
    if (!value.isString()) {
      assertSame("", value, parsed(reply), excerpt);
      return;
    }
    List<String> expected = lines(value.asString());
    List<String> answered = lines(reply.text());
    if (excerpt) {
      assertThat(answered).containsAll(expected);
    } else {
      assertThat(answered).isEqualTo(expected);
    }
  }

  /** Lines without what differs from call to call: where the service is, and how much it counts. */
  private List<String> lines(String text) {
    return text.lines()
        .map(line -> line.replace(uri("").toString(), "http://localhost:8080"))
        .map(line -> NUMBER_AT_THE_END.matcher(line).replaceFirst(""))
        .toList();
  }

  private static JsonNode parsed(Reply reply) {
    return reply.header("Content-Type").contains("json")
        ? reply.json()
        : JSON.valueToTree(new org.yaml.snakeyaml.Yaml().<Object>load(reply.text()));
  }

  private static void assertSame(
      String place, JsonNode expected, JsonNode answered, boolean excerpt) {
    if (expected.isObject()) {
      Map<String, JsonNode> fields =
          expected.properties().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
      if (excerpt) {
        assertThat(answered.propertyNames()).as(place).containsAll(fields.keySet());
      } else {
        assertThat(answered.propertyNames())
            .as(place)
            .containsExactlyInAnyOrderElementsOf(fields.keySet());
      }
      fields.forEach(
          (name, value) -> {
            if (!OF_THE_CALL.contains(name)) {
              assertSame(place + "/" + name, value, answered.get(name), excerpt);
            }
          });
    } else if (expected.isArray() && excerpt) {
      for (JsonNode element : expected) {
        assertThat(answered.values()).as(place).contains(element);
      }
    } else if (expected.isArray()) {
      assertThat(answered.size()).as(place).isEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        assertSame(place + "/" + i, expected.get(i), answered.get(i), false);
      }
    } else if (expected.isNumber()) {
      // Another vector unit may round the last bits otherwise.
      assertThat(answered.asDouble())
          .as(place)
          .isCloseTo(
              expected.asDouble(),
              org.assertj.core.api.Assertions.within(1e-9 * Math.max(1, expected.asDouble())));
    } else {
      assertThat(answered).as(place).isEqualTo(expected);
    }
  }
}
