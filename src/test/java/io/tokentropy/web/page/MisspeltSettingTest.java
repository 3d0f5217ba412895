package io.tokentropy.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.endpoint.Warning;
import io.tokentropy.web.ServiceTest;
import io.tokentropy.web.call.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.test.context.ContextConfiguration;

/** The service with a misspelt variable in its environment. */
@ContextConfiguration(initializers = MisspeltSettingTest.Misspelt.class)
@ExtendWith(OutputCaptureExtension.class)
class MisspeltSettingTest extends ServiceTest {
  private static final Set<String> SOME =
      Set.of(
          "TOKENTROPY_MAX_ROWS",
          "TOKENTROPY_AUTH_API_KEYS",
          "TOKENTROPY_AUTH_MODE",
          "TOKENTROPY_UPSTREAMS_<NAME>_URL",
          "TOKENTROPY_UPSTREAMS_<NAME>_MAX_STREAMS");

  static final class Misspelt
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    @Override
    public void initialize(ConfigurableApplicationContext context) {
      String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
      context
          .getEnvironment()
          .getPropertySources()
          .replace(
              name,
              new SystemEnvironmentPropertySource(
                  name,
                  Map.of(
                      "TOKENTROPY_MAX_ROW", "7",
                      "TOKENTROPY_MAX_STEPS", "5",
                      "TOKENTROPY_PORT", "tcp://10.0.0.1:80")));
    }
  }

  @Autowired private ApplicationContext context;
  @Autowired private Limits limits;

  @Test
  void aMisspeltVariableIsNamedAtTheLimits() {
    var warnings = get("/v1/limits").ok().at("/warnings");
    assertThat(warnings.size()).isEqualTo(1);
    assertThat(warnings.at("/0/code").asString()).isEqualTo("unknown_setting");
    assertThat(warnings.at("/0/message").asString())
        .isEqualTo("TOKENTROPY_MAX_ROW is not a setting; did you mean TOKENTROPY_MAX_ROWS?");
    assertThat(get("/v1/limits").at("/limits/max_steps/value").asInt()).isEqualTo(5);
  }

  @Test
  void itIsInTheLogToo(CapturedOutput log) {
    new Settings(context, (ConfigurableEnvironment) context.getEnvironment(), limits);
    assertThat(log.getAll()).contains("WARN", "TOKENTROPY_MAX_ROW is not a setting");
  }

  /** The chart's list is made from the docs: what is documented is read, and the reverse. */
  @Test
  void whatTheCodeReadsIsWhatTheDocsName() throws IOException {
    Set<String> documented =
        Files.readAllLines(Path.of("helm/tokentropy/files/settings.txt")).stream()
            .filter(line -> line.startsWith("TOKENTROPY_"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(Settings.known(context, limits)).isEqualTo(documented);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      nullValues = "fine",
      textBlock =
          """
          TOKENTROPY_MAX_ROWS, fine
          TOKENTROPY_AUTH_API_KEYS_0, fine
          TOKENTROPY_AUTH_API_KEYS_12_, fine
          TOKENTROPY_SERVICE_HOST, fine
          TOKENTROPY_SERVICE_PORT_HTTP, fine
          TOKENTROPY_PORT, fine
          TOKENTROPY_PORT_8080_TCP_ADDR, fine
          TOKENTROPYX, fine
          MAX_ROW, fine
          TOKENTROPY_MAX_ROW, TOKENTROPY_MAX_ROW is not a setting; did you mean TOKENTROPY_MAX_ROWS?
          TOKENTROPY_AUTH_MOED, TOKENTROPY_AUTH_MOED is not a setting; did you mean TOKENTROPY_AUTH_MODE?
          TOKENTROPY_UPSTREAMS_SMALL_URL, fine
          TOKENTROPY_UPSTREAMS_7B_MAX_STREAMS, fine
          TOKENTROPY_UPSTREAMS_SMALL_URI, TOKENTROPY_UPSTREAMS_SMALL_URI is not a setting; did you mean TOKENTROPY_UPSTREAMS_SMALL_URL?
          TOKENTROPY_PORTS, TOKENTROPY_PORTS is not a setting
          TOKENTROPY_QUANTUM_ENTANGLEMENT_FACTOR, TOKENTROPY_QUANTUM_ENTANGLEMENT_FACTOR is not a setting
          """)
  void onlyWhatIsNoSettingIsNamed(String name, String message) {
    assertThat(Settings.unknown(Stream.of(name), SOME).stream().map(Warning::message))
        .isEqualTo(message == null ? java.util.List.of() : java.util.List.of(message));
  }
}
