package io.tokentropy.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The service with tokens, and an issuer on this machine. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JwtTest extends ServiceTest {
  private static final String ISSUER = "https://issuer.example";
  private static HttpServer issuer;
  private static RSAKey key;
  private static RSAKey other;
  private static RSAKey next;
  private static volatile JWKSet published;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) throws Exception {
    key = new RSAKeyGenerator(2048).keyID("one").generate();
    other = new RSAKeyGenerator(2048).keyID("one").generate();
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    next = new RSAKeyGenerator(2048).keyID("two").generate();
    published = new JWKSet(key.toPublicJWK());
    issuer.createContext(
        "/keys",
        exchange -> {
          byte[] keys = published.toString().getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    issuer.start();
    registry.add("tokentropy.auth.mode", () -> "jwt");
    registry.add("tokentropy.auth.jwt.issuer", () -> ISSUER);
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

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience("tokentropy")
        .subject("engine")
        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
  }

  private static String signed(JWTClaimsSet claims, RSAKey by, JWSAlgorithm algorithm)
      throws JOSEException {
    var token =
        new SignedJWT(new JWSHeader.Builder(algorithm).keyID(by.getKeyID()).build(), claims);
    token.sign(new RSASSASigner(by));
    return token.serialize();
  }

  private Reply ask(String token) {
    return send(request("/v1/limits").header("Authorization", "Bearer " + token));
  }

  @Test
  @Order(0)
  void aTokenOfTheIssuerOpensTheService() throws JOSEException {
    ask(signed(claims().build(), key, JWSAlgorithm.RS256)).ok();
    ask(signed(claims().audience(List.of("x", "tokentropy")).build(), key, JWSAlgorithm.RS256))
        .ok();
  }

  @Test
  @Order(0)
  void otherTokensDoNot() throws JOSEException {
    Instant past = Instant.now().minusSeconds(600);
    for (String token :
        new String[] {
          signed(claims().expirationTime(Date.from(past)).build(), key, JWSAlgorithm.RS256),
          signed(claims().expirationTime(null).build(), key, JWSAlgorithm.RS256),
          signed(claims().audience("somebody else").build(), key, JWSAlgorithm.RS256),
          signed(claims().audience((String) null).build(), key, JWSAlgorithm.RS256),
          signed(claims().issuer("https://other.example").build(), key, JWSAlgorithm.RS256),
          signed(
              claims().notBeforeTime(Date.from(Instant.now().plusSeconds(600))).build(),
              key,
              JWSAlgorithm.RS256),
          signed(claims().build(), other, JWSAlgorithm.RS256),
          signed(claims().build(), key, JWSAlgorithm.RS512),
          new PlainJWT(claims().build()).serialize(),
          secret(),
          "garbage",
          ""
        }) {
      ask(token).problem(401, "unauthorized");
    }
    get("/v1/limits").problem(401, "unauthorized");
    get("/health").ok();
  }

  /** A token of a key that has just come is taken; one of a key that has gone is not. */
  @Test
  @Order(1)
  void keysAreRotatedWithoutARestart() throws Exception {
    ask(signed(claims().build(), next, JWSAlgorithm.RS256)).problem(401, "unauthorized");
    published = new JWKSet(List.of(key.toPublicJWK(), next.toPublicJWK()));
    Thread.sleep(1500);
    ask(signed(claims().build(), next, JWSAlgorithm.RS256)).ok();
    ask(signed(claims().build(), key, JWSAlgorithm.RS256)).ok();
    published = new JWKSet(next.toPublicJWK());
    Thread.sleep(1500);
    ask(signed(claims().build(), key, JWSAlgorithm.RS256)).problem(401, "unauthorized");
    published = new JWKSet(List.of(key.toPublicJWK(), next.toPublicJWK()));
    Thread.sleep(1500);
  }

  /** The issuer goes away, and is not asked before its keys have grown old. */
  @Test
  @Order(2)
  void theKeysOutliveTheirIssuer() throws Exception {
    ask(signed(claims().build(), key, JWSAlgorithm.RS256)).ok();
    issuer.stop(0);
    for (int i = 0; i < 3; i++) {
      Thread.sleep(1200);
      ask(signed(claims().build(), key, JWSAlgorithm.RS256)).ok();
      ask(signed(claims().build(), other, JWSAlgorithm.RS256)).problem(401, "unauthorized");
    }
  }

  /** Signed with the public key as a secret, as if the service took any algorithm. */
  private static String secret() throws JOSEException {
    var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
    token.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));
    return token.serialize();
  }
}
