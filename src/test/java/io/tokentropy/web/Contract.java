package io.tokentropy.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code openapi/tokentropy.yaml}, as tests read it. */
final class Contract {
  static final JsonNode FILE = read();

  private Contract() {}

  /** One operation: its path, its method in lower case, and what the contract says of it. */
  record Operation(String path, String method, JsonNode said) {
    String name() {
      return method.toUpperCase(java.util.Locale.ROOT) + " " + path;
    }
  }

  private static JsonNode read() {
    try {
      String yaml = Files.readString(Path.of("openapi/tokentropy.yaml"));
      return JsonMapper.shared().valueToTree(new Yaml().<Object>load(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Operation> operations() {
    var operations = new ArrayList<Operation>();
    FILE.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            operations.add(
                                new Operation(path.getKey(), method.getKey(), method.getValue()))));
    return operations;
  }
}
