package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A service that was not told to ask models. */
class AskOffTest extends ServiceTest {
  @Test
  void asksNobodyAndSaysWhatSwitchesItOn() {
    Reply reply = post("/v1/inv-entropy/ask", "{\"question\":\"Who?\"}").problem(404, "not_found");
    assertThat(reply.at("/hint").asString()).contains("TOKENTROPY_ASK_ENABLED=true");
  }
}
