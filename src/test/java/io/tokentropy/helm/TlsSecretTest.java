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
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
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
  private static KeyStore certificates;

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
    variables.put("SPRING_SSL_BUNDLE_WATCH_FILE_QUIETPERIOD", "200ms");
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
    for (String name : List.of("server", "renewed")) {
      String arguments =
          "-genkeypair -keyalg EC -dname CN=server -ext san=dns:localhost -storetype PKCS12"
              + " -storepass changeit -alias "
              + name
              + " -keystore "
              + store;
      Process keytool =
          new ProcessBuilder(
                  (System.getProperty("java.home") + "/bin/keytool " + arguments).split(" "))
              .redirectErrorStream(true)
              .start();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(keytool.waitFor()).as(said).isZero();
    }
    certificates = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      certificates.load(in, PASSWORD);
    }
    Path mount = Files.createDirectory(folder.resolve("tls"));
    write("server");
    for (String file : List.of("tls.crt", "tls.key")) {
      Files.createSymbolicLink(mount.resolve(file), Path.of("..data", file));
    }
  }

  /** As the kubelet does it: files in a folder of their own, then a link to it in one step. */
  private static void write(String name) throws Exception {
    Path mount = folder.resolve("tls");
    Path version = Files.createDirectory(mount.resolve(".." + name));
    pem(version.resolve("tls.crt"), "CERTIFICATE", certificates.getCertificate(name).getEncoded());
    pem(
        version.resolve("tls.key"),
        "PRIVATE KEY",
        certificates.getKey(name, PASSWORD).getEncoded());
    Path next = Files.createSymbolicLink(mount.resolve("..next"), Path.of(".." + name));
    Files.move(next, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
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
    trust.init(certificates);
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
    assertThat(ask("/v1/limits", "secret").body()).containsPattern("\"max_rows\":\\{\"value\":7,");
  }

  private static Certificate served() throws Exception {
    return ask("/readyz", "secret").sslSession().orElseThrow().getPeerCertificates()[0];
  }

  @Test
  void aRenewedSecretIsServedWithoutARestart() throws Exception {
    assertThat(served()).isEqualTo(certificates.getCertificate("server"));
    write("renewed");
    Certificate renewed = certificates.getCertificate("renewed");
    for (int i = 0; i < 300 && !served().equals(renewed); i++) {
      Thread.sleep(100);
    }
    assertThat(served()).isEqualTo(renewed);
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
