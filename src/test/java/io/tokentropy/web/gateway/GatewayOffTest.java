package io.tokentropy.web.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.web.Reply;
import io.tokentropy.web.ServiceTest;
import org.junit.jupiter.api.Test;

/** The service as it starts by itself: no model can be asked. */
class GatewayOffTest extends ServiceTest {
  @Test
  void noModelIsThere() {
    Reply reply =
        post("/v1/chat/completions", "{\"model\":\"demo\"}").problem(404, "unknown_model");
    assertThat(reply.at("/error/message").asString())
        .isEqualTo("the gateway is off (TOKENTROPY_GATEWAY_ENABLED)");
    assertThat(get("/v1/models").ok().at("/data").size()).isZero();
    assertThat(get("/v1/gateway").ok().at("/enabled").asBoolean()).isFalse();
  }
}
