package io.tokentropy.web.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.TokentropyApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;

/** A service that others can reach does not start before somebody said who may call. */
class OpenBindTest {
  private static void start(String... arguments) {
    var all = new String[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[0] = "--server.port=0";
    SpringApplication.run(TokentropyApplication.class, all).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void anOpenAddressWithoutAnAuthModeIsRefused(String address) {
    assertThatThrownBy(() -> start("--server.address=" + address))
        .hasRootCauseInstanceOf(AuthFilter.OpenBind.class);
  }

  @Test
  void anOpenManagementPortIsRefusedToo() {
    assertThatThrownBy(
            () -> start("--management.server.port=0", "--management.server.address=0.0.0.0"))
        .hasRootCauseInstanceOf(AuthFilter.OpenBind.class);
    assertThatCode(() -> start("--management.server.port=0")).doesNotThrowAnyException();
    assertThatCode(
            () ->
                start(
                    "--management.server.port=0",
                    "--management.server.address=0.0.0.0",
                    "--tokentropy.auth.mode=none"))
        .doesNotThrowAnyException();
  }

  @Test
  void theRefusalSaysWhatToDo() {
    var analysis = new OpenBindAnalyzer().analyze(new AuthFilter.OpenBind("0.0.0.0"));
    assertThat(analysis.getDescription()).contains("0.0.0.0", "tokentropy.auth.mode");
    assertThat(analysis.getAction()).contains("TOKENTROPY_AUTH_MODE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void loopbackNeedsNoMode(String address) {
    assertThatCode(() -> start("--server.address=" + address)).doesNotThrowAnyException();
  }

  @Test
  void anOpenAddressWithAStatedModeStarts() {
    assertThatCode(() -> start("--server.address=0.0.0.0", "--tokentropy.auth.mode=none"))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tokentropy.auth.mode=api-key",
        "--tokentropy.auth.mode=jwt",
        "--tokentropy.auth.mode=password"
      })
  void aModeWithoutWhatItNeedsIsRefused(String mode) {
    assertThatThrownBy(() -> start(mode)).isInstanceOf(Exception.class);
  }

  @Test
  void aKeyThatIsNoHashIsRefused() {
    assertThatThrownBy(
            () -> start("--tokentropy.auth.mode=api-key", "--tokentropy.auth.api-keys=letmein"))
        .rootCause()
        .hasMessageContaining("SHA-256")
        .hasMessageNotContaining("letmein");
  }
}
