package io.tokentropy.web.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.upstream.ModelServers;
import io.tokentropy.upstream.ServerConfig;
import io.tokentropy.upstream.ServerKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Model servers as the environment names them. */
class UpstreamSettingsTest {
  @EnableConfigurationProperties(UpstreamSettings.class)
  static class Enabled {}

  private static ApplicationContextRunner runner(Map<String, Object> variables) {
    return new ApplicationContextRunner()
        .withInitializer(
            context -> {
              String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
              context
                  .getEnvironment()
                  .getPropertySources()
                  .replace(name, new SystemEnvironmentPropertySource(name, variables));
            })
        .withUserConfiguration(Enabled.class, UpstreamBeans.class);
  }

  private static Map<String, Object> small(String... more) {
    var variables = new HashMap<String, Object>();
    variables.put("TOKENTROPY_UPSTREAMS_SMALL_URL", "http://localhost:8001/v1");
    variables.put("TOKENTROPY_UPSTREAMS_SMALL_KIND", "llamacpp");
    variables.put("TOKENTROPY_UPSTREAMS_SMALL_MODEL", "qwen");
    for (int i = 0; i < more.length; i += 2) {
      variables.put("TOKENTROPY_UPSTREAMS_" + more[i], more[i + 1]);
    }
    return variables;
  }

  @Test
  void noneIsFine() {
    runner(Map.of())
        .run(context -> assertThat(context.getBean(ModelServers.class).all()).isEmpty());
  }

  @Test
  void threeSettingsMakeAServer() {
    runner(small())
        .run(
            context -> {
              ServerConfig config =
                  context.getBean(ModelServers.class).find("small").orElseThrow().config();
              assertThat(config.url()).isEqualTo(URI.create("http://localhost:8001"));
              assertThat(config.kind()).isEqualTo(ServerKind.LLAMACPP);
              assertThat(config.model()).isEqualTo("qwen");
              assertThat(config.maxStreams()).isEqualTo(64);
              assertThat(config.cancels()).isEqualTo(ServerConfig.Cancels.AUTO);
              assertThat(config.times())
                  .isEqualTo(
                      new ServerConfig.Times(
                          Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(30)));
              assertThat(config.vocabSize()).isEmpty();
              assertThat(config.prices().cachedInput()).isEmpty();
            });
  }

  @Test
  void everySettingArrives() {
    runner(
            small(
                "SMALL_VOCAB_SIZE", "32000",
                "SMALL_CONNECT_TIMEOUT", "1s",
                "SMALL_FIRST_TOKEN_TIMEOUT", "20s",
                "SMALL_IDLE_TIMEOUT", "500ms",
                "SMALL_MAX_STREAMS", "7",
                "SMALL_CANCELS", "no",
                "SMALL_PRICE_INPUT", "0.5",
                "SMALL_PRICE_CACHED_INPUT", "0.05",
                "SMALL_PRICE_OUTPUT", "2",
                "BIG_URL", "http://vllm.models.svc:8000",
                "BIG_PLAINTEXT", "true",
                "BIG_KIND", "vllm",
                "BIG_MODEL", "qwen-72b"))
        .run(
            context -> {
              ModelServers servers = context.getBean(ModelServers.class);
              ServerConfig config = servers.find("small").orElseThrow().config();
              assertThat(config.vocabSize()).hasValue(32000);
              assertThat(config.times())
                  .isEqualTo(
                      new ServerConfig.Times(
                          Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofMillis(500)));
              assertThat(config.maxStreams()).isEqualTo(7);
              assertThat(config.cancels()).isEqualTo(ServerConfig.Cancels.NO);
              assertThat(config.prices().input()).hasValue(0.5);
              assertThat(config.prices().cachedInput()).hasValue(0.05);
              assertThat(config.prices().output()).hasValue(2);
              assertThat(servers.find("big").orElseThrow().config().kind())
                  .isEqualTo(ServerKind.VLLM);
              assertThat(servers.find("other")).isEmpty();
            });
  }

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SMALL_KIND|llama|No enum constant
          SMALL_URL|http://10.0.0.1:8000|SMALL_URL begins with http:// and is not on this machine
          SMALL_URL|localhost|SMALL_URL is no address
          SMALL_MAX_STREAMS|0|SMALL_MAX_STREAMS is 0, expected at least 1
          SMALL_IDLE_TIMEOUT|0s|SMALL_*_TIMEOUT: expected a time > 0
          SMALL_VOCAB_SIZE|0|SMALL_VOCAB_SIZE is 0, expected at least 1
          SMALL_PRICE_OUTPUT|-1|SMALL_PRICE_*: expected nothing below 0
          SMALL_API_KEY|a b|SMALL_API_KEY holds what no header can
          SMALL_API_KEY_FILE|/nowhere|SMALL_API_KEY_FILE cannot be read
          BIG_MODEL|x|BIG_URL is missing
          """)
  void whatCannotBeUsedStopsTheStart(String setting, String value, String message) {
    runner(small(setting, value))
        .run(
            context ->
                assertThat(context.getStartupFailure()).rootCause().hasMessageContaining(message));
  }

  @Test
  void aKeyIsNeverQuoted() {
    runner(small("SMALL_API_KEY", "geheim \u00a0"))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining("what no header can")
                    .satisfies(e -> assertThat(stack(e)).doesNotContain("geheim")));
  }

  private static String stack(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
