package io.tokentropy.helm;

import static io.tokentropy.helm.Manifests.at;
import static io.tokentropy.helm.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.tokentropy.TokentropyApplication;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The service with the variables of the chart's pod, certificate and keys where it mounts them. */
class TlsSecretTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path folder;

  private static Manifests manifests;
  private static ConfigurableApplicationContext service;
  private static KeyStore certificate;

  @BeforeAll
  static void start() throws Exception {
    manifests =
        Manifests.of(
            Chart.in(folder.resolve("chart"))
                .render(
                    """
                    auth: { keys: [2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b] }
                    tls: { existingSecret: certificate }
                    settings: { TOKENTROPY_EMBEDDINGS_BACKEND: off, TOKENTROPY_MAX_ROWS: 7 }
                    """));
    var variables = new HashMap<String, Object>();
    for (Object variable : list(manifests.container(), "env")) {
      String value = (String) at(variable, "value");
      variables.put(
          (String) at(variable, "name"), value.replace("/etc/tokentropy", folder.toString()));
    }
    variables.put("SERVER_PORT", "0");
    mountKeys();
    mountCertificate();
    var application = new SpringApplication(TokentropyApplication.class);
    application.addInitializers(
        context ->
            context
                .getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("pod-systemEnvironment", variables)));
    service = application.run();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static void mountKeys() throws IOException {
    Path mount = Files.createDirectory(folder.resolve("keys"));
    String keys = (String) at(manifests.only(Secret.class), "stringData.keys");
    Files.writeString(mount.resolve("keys"), keys);
  }

  private static void mountCertificate() throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                (System.getProperty("java.home")
                        + "/bin/keytool -genkeypair -alias server -keyalg EC -dname CN=server"
                        + " -ext san=dns:localhost -storetype PKCS12 -storepass changeit -keystore "
                        + store)
                    .split(" "))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    certificate = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      certificate.load(in, PASSWORD);
    }
    Path mount = Files.createDirectory(folder.resolve("tls"));
    pem(mount.resolve("tls.crt"), "CERTIFICATE", certificate.getCertificate("server").getEncoded());
    pem(
        mount.resolve("tls.key"),
        "PRIVATE KEY",
        certificate.getKey("server", PASSWORD).getEncoded());
  }

  private static void pem(Path file, String kind, byte[] content) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
  }

  private static int port() {
    return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private static HttpResponse<String> ask(String path, String key) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(certificate);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("https://localhost:" + port() + path))
              .header("Authorization", "Bearer " + key)
              .build(),
          BodyHandlers.ofString());
    }
  }

  @Test
  void itAnswersOverTlsToWhoHasTheKey() throws Exception {
    HttpResponse<String> answer = ask("/v1/entropy?probs=0.5,0.5&unit=bit", "secret");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"entropy\":1.0");
    assertThat(ask("/v1/entropy?probs=0.5,0.5", "other").statusCode()).isEqualTo(401);
  }

  @Test
  void itTakesTheSettings() throws Exception {
    assertThat(ask("/v1/limits", "secret").body())
        .containsPattern("\"max_rows\":\\{[^}]*7|\"value\":7,[^}]*TOKENTROPY_MAX_ROWS");
  }

  /** The image has no client for TLS, so the chart's test looks for what plain HTTP is told. */
  @Test
  void plainHttpIsRefusedAsTheChartsTestExpects() throws IOException {
    String script = (String) at(manifests.only(Pod.class), "spec.containers.0.command.2");
    assertThat(script).contains("get /readyz | grep 'requires TLS'");
    try (var socket = new Socket("localhost", port())) {
      socket
          .getOutputStream()
          .write("GET /readyz HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .contains("requires TLS");
    }
  }

  @Test
  void theServiceSaysThatItSpeaksTls() {
    for (Object service : manifests.of(Service.class)) {
      boolean api = "http".equals(at(service, "spec.ports.0.name"));
      assertThat(at(service, "spec.ports.0.appProtocol")).isEqualTo(api ? "https" : "http");
    }
  }
}
