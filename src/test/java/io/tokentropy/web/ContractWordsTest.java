package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whoever reads the contract alone knows what every field means, and in which unit. */
class ContractWordsTest {
  /** Numbers are in one of these, or the description says that they have none. */
  private static final Pattern UNIT =
      Pattern.compile(
          "\\b(in|of) (any |the )?unit\\b|\\bnats?\\b|\\bbits\\b|natural log|probabilit|\\b0 to"
              + " 1\\b|\\bpercent\\b|\\bin tokens\\b|\\bno unit\\b",
          Pattern.CASE_INSENSITIVE);

  @Test
  void everyPropertyIsDescribed() {
    var bare = new ArrayList<String>();
    properties((place, property) -> addIf(description(property).isBlank(), place, bare));
    assertThat(bare).isEmpty();
  }

  @Test
  void everyNumberSaysItsUnit() {
    var bare = new ArrayList<String>();
    properties(
        (place, property) ->
            addIf(isNumber(property) && !UNIT.matcher(description(property)).find(), place, bare));
    assertThat(bare).isEmpty();
  }

  @Test
  void everyParameterIsDescribed() {
    var bare = new ArrayList<String>();
    for (Contract.Operation operation : Contract.operations()) {
      for (JsonNode parameter : operation.said().path("parameters")) {
        JsonNode meant = meant(parameter);
        addIf(
            meant.path("description").asString("").isBlank()
                && description(meant.path("schema")).isBlank(),
            operation.name() + " " + meant.path("name").asString(),
            bare);
      }
    }
    assertThat(bare).isEmpty();
  }

  private static void addIf(boolean is, String place, List<String> places) {
    if (is) {
      places.add(place);
    }
  }

  private static boolean isNumber(JsonNode property) {
    return isA("number", property) || isA("number", property.path("items"));
  }

  private static boolean isA(String type, JsonNode schema) {
    return schema.path("type").asString("").equals(type);
  }

  private static String description(JsonNode schema) {
    return schema.has("description")
        ? schema.get("description").asString()
        : meant(schema).path("description").asString("");
  }

  private static JsonNode meant(JsonNode node) {
    return node.has("$ref") ? Contract.FILE.at(node.get("$ref").asString().substring(1)) : node;
  }

  private static void properties(BiConsumer<String, JsonNode> found) {
    properties("", Contract.FILE, found);
  }

  /** Every property of every schema; examples hold values, whose fields may have any name. */
  private static void properties(String place, JsonNode node, BiConsumer<String, JsonNode> found) {
    node.properties()
        .forEach(
            field -> {
              String here = place + "/" + field.getKey();
              if (field.getKey().equals("properties") && !place.endsWith("/properties")) {
                field
                    .getValue()
                    .properties()
                    .forEach(
                        property ->
                            found.accept(here + "/" + property.getKey(), property.getValue()));
              }
              if (!Set.of("example", "examples").contains(field.getKey())) {
                properties(here, field.getValue(), found);
              }
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      properties(place + "/" + i, node.get(i), found);
    }
  }
}
