package io.tokentropy.web.security;

import java.net.URI;
import java.util.List;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** Tokens that open the service: signed by the issuer, for this audience, not expired. */
final class Tokens implements AutoCloseable {
  private final IssuerKeys keys;
  private final NimbusJwtDecoder decoder;

  /**
   * Asks the issuer for its keys.
   *
   * @throws IllegalArgumentException if a setting is missing or is no address
   */
  Tokens(AuthSettings.Jwt jwt) {
    String issuer = jwt.issuer();
    String audience = jwt.audience();
    URI url = jwt.jwksUri();
    if (issuer == null || audience == null || url == null) {
      throw new IllegalArgumentException(
          "TOKENTROPY_AUTH_MODE is jwt; TOKENTROPY_AUTH_JWT_ISSUER, _AUDIENCE and _JWKS_URI are"
              + " needed with it");
    }
    if (url.getHost() == null || !List.of("http", "https").contains(url.getScheme())) {
      throw new IllegalArgumentException(
          "TOKENTROPY_AUTH_JWT_JWKS_URI is " + url + ", expected an address such as https://...");
    }
    this.keys = IssuerKeys.of(url, jwt.cache(), jwt.outage());
    this.decoder =
        NimbusJwtDecoder.withJwkSource(keys)
            .jwsAlgorithms(
                all -> jwt.algorithms().forEach(name -> all.add(SignatureAlgorithm.from(name))))
            .build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createDefaultWithIssuer(issuer),
            new JwtClaimValidator<List<String>>(
                JwtClaimNames.AUD, found -> found != null && found.contains(audience)),
            new JwtClaimValidator<>(JwtClaimNames.EXP, found -> found != null)));
  }

  /** Whether a token opens the service. */
  boolean open(String token) {
    try {
      decoder.decode(token);
      return true;
    } catch (JwtException e) {
      return false;
    }
  }

  @Override
  public void close() {
    keys.close();
  }
}
