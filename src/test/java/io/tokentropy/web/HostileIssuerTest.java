package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** An issuer that was well once, and then does what it can to keep callers out. */
@ExtendWith(OutputCaptureExtension.class)
class HostileIssuerTest extends ServiceTest {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final AtomicInteger ASKED = new AtomicInteger();
  private static HttpServer issuer;
  private static RSAKey key;
  private static RSAKey unknown;
  private static volatile HttpHandler behaviour = HostileIssuerTest::publish;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) throws Exception {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    unknown = new RSAKeyGenerator(2048).keyID("nobody's").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    issuer.createContext(
        "/keys",
        exchange -> {
          ASKED.incrementAndGet();
          behaviour.handle(exchange);
        });
    issuer.start();
    registry.add("tokentropy.auth.mode", () -> "jwt");
    registry.add("tokentropy.auth.jwt.issuer", () -> "https://issuer.example");
    registry.add("tokentropy.auth.jwt.cache", () -> "1s");
    registry.add("tokentropy.auth.jwt.audience", () -> "tokentropy");
    registry.add(
        "tokentropy.auth.jwt.jwks-uri",
        () -> "http://localhost:" + issuer.getAddress().getPort() + "/keys");
  }

  @AfterAll
  static void stop() {
    issuer.stop(0);
  }

  @AfterEach
  void well() {
    behaviour = HostileIssuerTest::publish;
  }

  private static void publish(HttpExchange exchange) throws IOException {
    byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, keys.length);
    exchange.getResponseBody().write(keys);
    exchange.close();
  }

  private Reply ask(RSAKey by) throws Exception {
    var claims =
        new JWTClaimsSet.Builder()
            .issuer("https://issuer.example")
            .audience("tokentropy")
            .expirationTime(Date.from(Instant.now().plusSeconds(300)))
            .build();
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(by.getKeyID()).build(), claims);
    token.sign(new RSASSASigner(by));
    return send(request("/v1/limits").header("Authorization", "Bearer " + token.serialize()));
  }

  /** Waits until it was asked so many times more, all of which it answers as it now does. */
  private static void askedAgain(int times) throws InterruptedException {
    int before = ASKED.get();
    for (int i = 0; i < 600 && ASKED.get() < before + times; i++) {
      Thread.sleep(100);
    }
    assertThat(ASKED.get()).isGreaterThanOrEqualTo(before + times);
  }

  /** Each read has its byte in time; the whole never ends. */
  @Test
  void oneThatTricklesKeepsNobodyOut() throws Exception {
    ask(key).ok();
    behaviour =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try {
            while (true) {
              exchange.getResponseBody().write(' ');
              exchange.getResponseBody().flush();
              Thread.sleep(200);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    askedAgain(2);
    assertTimeoutPreemptively(
        LONGEST,
        () -> {
          for (int i = 0; i < 20; i++) {
            ask(key).ok();
            ask(unknown).problem(401, "unauthorized");
          }
        });
  }

  @Test
  void oneThatPointsElsewhereIsNotFollowed() throws Exception {
    var followed = new AtomicInteger();
    issuer.createContext(
        "/elsewhere",
        exchange -> {
          followed.incrementAndGet();
          publish(exchange);
        });
    behaviour =
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        };
    askedAgain(2);
    ask(key).ok();
    assertThat(followed).hasValue(0);
  }

  /** Asked again and again, it fills no log, and nothing of what it wrote is in there. */
  @Test
  void oneThatWritesNonsenseKeepsNobodyOutAndFillsNoLog(CapturedOutput log) throws Exception {
    behaviour =
        exchange -> {
          byte[] nonsense = "{\"keys\":[{\"kty\":\"nonsense\"".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, nonsense.length);
          exchange.getResponseBody().write(nonsense);
          exchange.close();
        };
    askedAgain(4);
    ask(key).ok();
    assertThat(log.getAll().split("answered with no set of keys", -1)).hasSizeBetween(2, 3);
    assertThat(log.getAll()).doesNotContain("nonsense");
  }
}
