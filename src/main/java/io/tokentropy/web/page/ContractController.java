package io.tokentropy.web.page;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the contract: {@code openapi/tokentropy.yaml} as it was checked in, and the same as JSON.
 */
@RestController
class ContractController {
  private final byte[] yaml;
  private final byte[] json;
  private final JsonNode contract;

  ContractController() throws IOException {
    try (InputStream in = new ClassPathResource("openapi/tokentropy.yaml").getInputStream()) {
      yaml = in.readAllBytes();
    }
    Map<String, Object> read =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(new String(yaml, StandardCharsets.UTF_8));
    contract = JsonMapper.shared().valueToTree(read);
    json = JsonMapper.shared().writeValueAsBytes(contract);
  }

  /** Where the browser page tries the POST of a path: its anchor is the tag and the operation. */
  String tryItAt(String path) {
    JsonNode post = contract.get("paths").path(path).path("post");
    return "/docs#/" + post.at("/tags/0").asString() + "/" + post.path("operationId").asString();
  }

  @GetMapping("/openapi.yaml")
  ResponseEntity<byte[]> yaml() {
    return ResponseEntity.ok().contentType(new MediaType("application", "yaml")).body(yaml);
  }

  @GetMapping("/openapi.json")
  ResponseEntity<byte[]> json() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json);
  }
}
