package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.TokentropyApplication;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Mutual TLS by the settings that the documentation gives, with certificates made here. */
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path folder;

  private static ConfigurableApplicationContext service;
  private static URI uri;

  @BeforeAll
  static void start() throws Exception {
    authority("ca");
    authority("other-ca");
    certificate("server", "ca", "-1d");
    certificate("next", "ca", "-1d");
    certificate("client", "ca", "-1d");
    certificate("expired", "ca", "-60d");
    certificate("stranger", "other-ca", "-1d");
    Files.copy(store("server"), store("served"));
    service =
        SpringApplication.run(
            TokentropyApplication.class,
            "--server.port=0",
            "--tokentropy.auth.mode=none",
            "--spring.ssl.bundle.jks.tokentropy.keystore.location=" + store("served"),
            "--spring.ssl.bundle.jks.tokentropy.keystore.password=changeit",
            "--spring.ssl.bundle.jks.tokentropy.keystore.type=PKCS12",
            "--spring.ssl.bundle.jks.tokentropy.truststore.location=" + store("ca-public"),
            "--spring.ssl.bundle.jks.tokentropy.truststore.password=changeit",
            "--spring.ssl.bundle.jks.tokentropy.truststore.type=PKCS12",
            "--spring.ssl.bundle.jks.tokentropy.reload-on-update=true",
            "--spring.ssl.bundle.watch.file.quiet-period=200ms",
            "--server.ssl.bundle=tokentropy",
            "--server.ssl.client-auth=need");
    uri =
        URI.create(
            "https://localhost:"
                + service.getEnvironment().getProperty("local.server.port")
                + "/v1/entropy?probs=0.5,0.5&unit=bit");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Path store(String name) {
    return folder.resolve(name + ".p12");
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/keytool");
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", "changeit", "-storetype", "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  private static void authority(String name) throws IOException, InterruptedException {
    pair(name, "-1d", "-ext", "bc:c");
    keytool(
        "-exportcert", "-keystore", store(name).toString(), "-alias", name, "-file", file(name));
    keytool(
        "-importcert",
        "-noprompt",
        "-keystore",
        store(name + "-public").toString(),
        "-alias",
        name,
        "-file",
        file(name));
  }

  private static void pair(String name, String from, String... more)
      throws IOException, InterruptedException {
    var arguments = new ArrayList<String>(List.of("-genkeypair", "-keyalg", "EC"));
    arguments.addAll(List.of("-keystore", store(name).toString(), "-alias", name));
    arguments.addAll(List.of("-dname", "CN=" + name, "-validity", "30", "-startdate", from));
    arguments.addAll(List.of(more));
    keytool(arguments.toArray(String[]::new));
  }

  /** A key whose certificate an authority has signed, valid for 30 days. */
  private static void certificate(String name, String authority, String from)
      throws IOException, InterruptedException {
    pair(name, from);
    String keys = store(name).toString();
    keytool("-certreq", "-keystore", keys, "-alias", name, "-file", file(name + ".csr"));
    keytool(
        "-gencert",
        "-keystore",
        store(authority).toString(),
        "-alias",
        authority,
        "-infile",
        file(name + ".csr"),
        "-outfile",
        file(name + ".crt"),
        "-ext",
        "san=dns:localhost",
        "-startdate",
        from,
        "-validity",
        "30");
    keytool(
        "-importcert", "-noprompt", "-keystore", keys, "-alias", "ca", "-file", file(authority));
    keytool("-importcert", "-keystore", keys, "-alias", name, "-file", file(name + ".crt"));
  }

  private static KeyStore load(String name) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store(name))) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  private static HttpResponse<String> ask(String client) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(load("ca-public"));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    KeyStore none = KeyStore.getInstance("PKCS12");
    none.load(null, PASSWORD);
    own.init(client.isEmpty() ? none : load(client), PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
  }

  @Test
  void aCertificateOfTheAuthorityOpensTheService() throws Exception {
    HttpResponse<String> answer = ask("client");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"entropy\":1.0");
  }

  @Test
  void othersDoNot() {
    for (String client : List.of("", "expired", "stranger")) {
      assertThatThrownBy(() -> ask(client)).as(client).isInstanceOf(IOException.class);
    }
  }

  private static BigInteger served() throws Exception {
    var certificate = (X509Certificate) ask("client").sslSession().get().getPeerCertificates()[0];
    return certificate.getSerialNumber();
  }

  @Test
  void aNewCertificateIsServedWithoutARestart() throws Exception {
    BigInteger before = served();
    Files.copy(store("next"), folder.resolve("incoming"));
    Files.move(folder.resolve("incoming"), store("served"), StandardCopyOption.REPLACE_EXISTING);
    for (int i = 0; i < 100 && served().equals(before); i++) {
      Thread.sleep(100);
    }
    assertThat(served()).isNotEqualTo(before);
  }
}
