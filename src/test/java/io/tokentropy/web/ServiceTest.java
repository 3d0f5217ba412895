package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real service on a port of its own; one instance serves all tests that do not change its
 * settings.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
abstract class ServiceTest {
  protected static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @LocalServerPort private int port;

  /** An answer as it came. */
  record Reply(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    String text() {
      return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    /** The value at a JSON Pointer. */
    JsonNode at(String pointer) {
      return json().at(pointer);
    }

    /** The same reply, having checked that it is a success. */
    Reply ok() {
      assertThat(status()).as(text()).isEqualTo(200);
      return this;
    }

    /** The same reply, having checked that it is this problem, and that it is a whole problem. */
    Reply problem(int status, String code) {
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
    Reply pointing(String pointer) {
      assertThat(at("/errors/0/pointer").asString()).as(text()).isEqualTo(pointer);
      return this;
    }
  }

  protected URI uri(String path) {
    return URI.create("http://localhost:" + port + path);
  }

  protected HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  protected static Reply send(HttpRequest.Builder request) {
    try {
      return new Reply(HTTP.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  protected Reply get(String path) {
    return send(request(path));
  }

  /** Posts JSON. */
  protected Reply post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }
}
