package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** {@code openapi/tokentropy.yaml} and the running service say the same. */
@TestPropertySource(properties = "springdoc.api-docs.enabled=true")
@ContextConfiguration(initializers = ExampleModels.class)
class ContractTest extends ServiceTest {
  private static final String CONTRACT = "https://tokentropy.invalid/contract";

  private static final JsonNode FILE = Contract.FILE;
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry -> registry.schemas(Map.of(CONTRACT, FILE.toString())));

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping handlers;

  /** What a JSON value violates of a schema of the contract. */
  private static List<String> violations(String schemaPointer, JsonNode value) {
    return SCHEMAS
        .getSchema(SchemaLocation.of(CONTRACT + "#" + schemaPointer))
        .validate(value)
        .stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void theServedContractIsTheFile() {
    assertThat(get("/openapi.json").ok().json()).isEqualTo(FILE);
    assertThat(get("/openapi.yaml").ok().text())
        .isEqualTo(read(Path.of("openapi/tokentropy.yaml")));
  }

  @Test
  void theContractBearsTheVersionOfTheService() {
    assertThat(get("/version").ok().at("/version").asString())
        .isEqualTo(FILE.at("/info/version").asString());
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** springdoc reads paths and methods from the code; the contract must name the same. */
  @Test
  void theCodeServesExactlyThePathsOfTheContract() {
    assertThat(operations(get("/openapi/from-code").ok().json())).isEqualTo(operations(FILE));
  }

  private static TreeSet<String> operations(JsonNode contract) {
    var operations = new TreeSet<String>();
    contract
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(method -> operations.add(method + " " + path.getKey())));
    return operations;
  }

  /** Spring refuses every other media type with 415, so the contract must name exactly these. */
  @Test
  void theCodeReadsExactlyTheMediaTypesOfTheContract() {
    handlers
        .getHandlerMethods()
        .forEach(
            (mapping, handler) -> {
              if (!handler.getBeanType().getPackageName().startsWith("io.tokentropy.")) {
                return;
              }
              var read = new TreeSet<String>();
              mapping
                  .getConsumesCondition()
                  .getConsumableMediaTypes()
                  .forEach(type -> read.add(type.toString()));
              for (String path : mapping.getPatternValues()) {
                for (var method : mapping.getMethodsCondition().getMethods()) {
                  JsonNode operation =
                      FILE.get("paths")
                          .get(path)
                          .get(method.name().toLowerCase(java.util.Locale.ROOT));
                  assertThat(new TreeSet<>(operation.at("/requestBody/content").propertyNames()))
                      .as(method + " " + path)
                      .isEqualTo(read);
                }
              }
            });
  }

  /** Every example of the contract fits its schema, and the answer to it fits the answer's. */
  @TestFactory
  Stream<DynamicTest> everyExampleIsAnswered() {
    var tests = new ArrayList<DynamicTest>();
    FILE.get("paths")
        .properties()
        .forEach(
            path -> {
              JsonNode post = path.getValue().path("post");
              String request = "/requestBody/content/application~1json";
              post.at(request + "/examples")
                  .properties()
                  .forEach(
                      example ->
                          tests.add(
                              dynamicTest(
                                  "POST " + path.getKey() + " " + example.getKey(),
                                  () ->
                                      replay(
                                          path.getKey(), post, example.getValue().get("value")))));
            });
    assertThat(tests).hasSizeGreaterThan(7);
    return tests.stream();
  }

  private void replay(String path, JsonNode operation, JsonNode example) {
    String escaped = path.replace("~", "~0").replace("/", "~1");
    assertThat(
            violations(
                "/paths/" + escaped + "/post/requestBody/content/application~1json/schema",
                example))
        .isEmpty();
    Reply reply = post(path, example.toString()).ok();
    assertThat(
            violations(
                "/paths/" + escaped + "/post/responses/200/content/application~1json/schema",
                reply.json()))
        .as(reply.text())
        .isEmpty();
    assertThat(operation.get("operationId").asString()).isNotBlank();
  }

  /** Schemas of several forms must still refuse what is none of them, as the service does. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          /v1/entropy     | {"logits":7}
          /v1/entropy     | {"logits":[["x"]]}
          /v1/entropy     | {"logits":[[1,"Infinity"]]}
          /v1/entropy     | {"logits":{"dtype":"f32","data":""}}
          /v1/entropy     | {"top_logprobs":[[{"token":"a"}]]}
          /v1/entropy     | {"top_logprobs":[[{"logprob":-1,"word":"a"}]]}
          /v1/entropy     | {"top_logprobs":{"sampled":-1}}
          /v1/entropy     | {"logits":[[1,2]],"measures":["renyi"],"order":"infinite"}
          /v1/entropy     | {"openai":7}
          /v1/entropy     | {"openai":[7]}
          /v1/truncation  | {"logits":[[1,2]],"top_k":1,"compare":[{"sampler":"top_q"}]}
          /v1/truncation  | {"logits":[[1,2]],"top_k":1,"compare":[{"top_q":1}]}
          /v1/ead         | {"config":{"threshold":1},"observations":[-1]}
          /v1/ead         | {"config":{"threshold":1},"observations":["1"]}
          /v1/ead         | {"config":{"threshold":1},"observations":[{"entropie":1}]}
          /v1/step        | {"entropies":[1],"ead":{"threshold":1},"states":[7]}
          /v1/inv-entropy | {"sim_x":[[1,"a"],[0,1]],"sim_y":[[1,0],[0,1]]}
          /v1/perturbations | {"text":"golfer","map":{"golfer":"player"}}
          /v1/perturbations | {"text":"golfer","method":"chance"}
          """)
  void theContractRefusesWhatTheServiceRefuses(String path, String body) {
    String schema =
        "/paths/" + path.replace("/", "~1") + "/post/requestBody/content/application~1json/schema";
    assertThat(violations(schema, JSON.readTree(body))).isNotEmpty();
    assertThat(post(path, body).status()).isEqualTo(422);
  }

  @Test
  void plainAnswersFitTheirSchemas() {
    for (String path : List.of("/v1/limits", "/v1/methods", "/version", "/health", "/ready")) {
      String escaped = path.replace("/", "~1");
      JsonNode response = FILE.at("/paths/" + escaped + "/get/responses/200");
      String pointer =
          response.has("$ref")
              ? response.get("$ref").asString().substring(1)
              : "/paths/" + escaped + "/get/responses/200";
      Reply reply = get(path).ok();
      assertThat(violations(pointer + "/content/application~1json/schema", reply.json()))
          .as(reply.text())
          .isEmpty();
    }
  }

  @Test
  void problemsFitTheirSchema() {
    for (Reply reply :
        List.of(
            get("/nowhere"),
            post("/v1/entropy", "{\"logits\": [[null]]}"),
            post("/v1/entropy", "{"))) {
      assertThat(violations("/components/schemas/Problem", reply.json()))
          .as(reply.text())
          .isEmpty();
    }
  }

  @Test
  void everyOperationHasANameOfItsOwn() {
    var names = new ArrayList<String>();
    FILE.get("paths")
        .forEach(path -> path.forEach(op -> names.add(op.path("operationId").asString())));
    assertThat(names).doesNotHaveDuplicates().doesNotContain("");
  }
}
