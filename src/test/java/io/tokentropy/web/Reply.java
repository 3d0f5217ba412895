package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An answer as it came. */
public record Reply(int status, Map<String, List<String>> headers, byte[] body) {
  public static Reply of(HttpResponse<byte[]> response) {
    return new Reply(response.statusCode(), response.headers().map(), response.body());
  }

  public String header(String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(header -> header.getValue().getFirst())
        .findFirst()
        .orElse("");
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public JsonNode json() {
    return JsonMapper.shared().readTree(body);
  }

  /** The value at a JSON Pointer. */
  public JsonNode at(String pointer) {
    return json().at(pointer);
  }

  /** The same reply, having checked that it is a success. */
  public Reply ok() {
    assertThat(status()).as(text()).isEqualTo(200);
    return this;
  }

  /** The same reply, having checked that it is this problem, and that it is a whole problem. */
  public Reply problem(int status, String code) {
    assertThat(status()).as(text()).isEqualTo(status);
    assertThat(header("Content-Type")).startsWith("application/problem+json");
    assertThat(at("/code").asString()).as(text()).isEqualTo(code);
    assertThat(at("/status").asInt()).isEqualTo(status);
    assertThat(at("/type").asString()).isEqualTo("/problems/" + code.replace('_', '-'));
    assertThat(at("/title").asString()).isNotBlank();
    assertThat(at("/detail").asString()).isNotBlank();
    assertThat(at("/request_id").asString()).isEqualTo(header("X-Request-Id"));
    return this;
  }

  /** The same reply, having checked where its problem is. */
  public Reply pointing(String pointer) {
    assertThat(at("/errors/0/pointer").asString()).as(text()).isEqualTo(pointer);
    return this;
  }
}
