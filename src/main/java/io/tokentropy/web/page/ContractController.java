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
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the contract: {@code openapi/tokentropy.yaml} as it was checked in, and the same as JSON.
 */
@RestController
class ContractController {
  private final byte[] yaml;
  private final byte[] json;

  ContractController() throws IOException {
    try (InputStream in = new ClassPathResource("openapi/tokentropy.yaml").getInputStream()) {
      yaml = in.readAllBytes();
    }
    Map<String, Object> contract =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(new String(yaml, StandardCharsets.UTF_8));
    json = JsonMapper.shared().writeValueAsBytes(contract);
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
