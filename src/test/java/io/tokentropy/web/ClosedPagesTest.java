package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Pages that want a key, and pages of others that may call. */
@TestPropertySource(
    properties = {
      "tokentropy.auth.mode=api-key",
      // SHA-256 of "first"
      "tokentropy.auth.api-keys=a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e",
      "tokentropy.auth.pages=true",
      "tokentropy.cors.origins=https://app.example.org,http://localhost:3000"
    })
class ClosedPagesTest extends ServiceTest {
  private static final String APP = "https://app.example.org";

  private Reply preflight(String origin) {
    return send(
        request("/v1/entropy")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "authorization,content-type")
            .method("OPTIONS", BodyPublishers.noBody()));
  }

  private HttpRequest.Builder call(String origin) {
    return request("/v1/entropy?probs=0.5,0.5").header("Origin", origin);
  }

  @Test
  void pagesWantAKeyWhereTheConfigurationSaysSo() {
    for (String path :
        List.of("/", "/docs", "/guide", "/openapi.yaml", "/problems", "/problems/not-found")) {
      get(path).problem(401, "unauthorized");
    }
    assertThat(get("/health").status()).isEqualTo(200);
    send(request("/problems").header("Authorization", "Bearer first")).ok();
  }

  @Test
  void aBrowsersQuestionIsAnsweredWithoutAKeyForTheOriginsThatMayCall() {
    for (String origin : List.of(APP, "http://localhost:3000")) {
      Reply reply = preflight(origin);
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo(origin);
      assertThat(reply.header("Access-Control-Allow-Methods")).contains("POST");
      assertThat(reply.header("Access-Control-Allow-Headers")).contains("Authorization");
      assertThat(reply.header("Vary")).contains("Origin");
    }
    for (String origin :
        List.of("https://app.example.org.evil.example", "null", "http://app.example.org")) {
      Reply reply = preflight(origin);
      assertThat(reply.header("Access-Control-Allow-Origin")).as(origin).isEmpty();
      assertThat(reply.status()).isEqualTo(401);
    }
  }

  @Test
  void answersAndProblemsCanBeReadByThatPage() {
    Reply answer = send(call(APP).header("Authorization", "Bearer first")).ok();
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(APP);
    assertThat(answer.header("Access-Control-Expose-Headers")).contains("X-Request-Id");
    assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
    Reply refused = send(call(APP)).problem(401, "unauthorized");
    assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo(APP);
    assertThat(send(call("https://other.example")).header("Access-Control-Allow-Origin")).isEmpty();
  }
}
