package io.tokentropy.web.security;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.tokentropy.web.exchange.Exchange;
import io.tokentropy.web.exchange.Probes;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.URI;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who may call: everything but the probes and the pages wants a key or a token where the
 * configuration says so. A service that others can reach does not start before it was said who may.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class AuthFilter extends OncePerRequestFilter {
  /** Milliseconds for the issuer to connect, and to answer. */
  private static final int KEYS_TIMEOUT = 2000;

  private static final int KEYS_BYTES = 512 * 1024;

  /** Tokens with invented key ids make it ask the issuer no more often than this. */
  private static final long KEYS_INTERVAL = 30_000;

  private static final String SCHEME = "Bearer ";

  private final Predicate<String> bearer;
  private final boolean open;
  private final boolean pagesOpen;

  AuthFilter(AuthSettings settings, ServerProperties server, ManagementSettings management) {
    AuthSettings.Mode mode = settings.mode();
    if (mode == null) {
      requireLoopback(server.getAddress());
      if (management.port() != null) {
        requireLoopback(management.address());
      }
    }
    this.open = mode == null || mode == AuthSettings.Mode.NONE;
    this.pagesOpen = !settings.pages();
    this.bearer =
        mode == AuthSettings.Mode.API_KEY
            ? new ApiKeys(settings.apiKeys(), settings.apiKeysFile())::open
            : mode == AuthSettings.Mode.JWT ? tokens(settings.jwt()) : key -> open;
  }

  private static void requireLoopback(@Nullable InetAddress address) {
    if (address == null || !address.isLoopbackAddress()) {
      throw new OpenBind(address == null ? "every address" : address.getHostAddress());
    }
  }

  /** The service would be open to others, and nobody said that it may. */
  static final class OpenBind extends IllegalStateException {
    private static final long serialVersionUID = 1;

    OpenBind(String address) {
      super(
          "the service would listen on "
              + address
              + ", where others can reach it, and tokentropy.auth.mode does not say who may call");
    }
  }

  private static Predicate<String> tokens(AuthSettings.Jwt jwt) {
    String issuer = jwt.issuer();
    String audience = jwt.audience();
    URI keys = jwt.jwksUri();
    if (issuer == null || audience == null || keys == null) {
      throw new IllegalArgumentException(
          "TOKENTROPY_AUTH_MODE is jwt; TOKENTROPY_AUTH_JWT_ISSUER, _AUDIENCE and _JWKS_URI are"
              + " needed with it");
    }
    NimbusJwtDecoder decoder =
        NimbusJwtDecoder.withJwkSource(keys(keys, jwt))
            .jwsAlgorithms(
                all -> jwt.algorithms().forEach(name -> all.add(SignatureAlgorithm.from(name))))
            .build();
    decoder.setJwtValidator(
        new DelegatingOAuth2TokenValidator<>(
            JwtValidators.createDefaultWithIssuer(issuer),
            new JwtClaimValidator<List<String>>(
                JwtClaimNames.AUD, found -> found != null && found.contains(audience)),
            new JwtClaimValidator<>(JwtClaimNames.EXP, found -> found != null)));
    return token -> {
      try {
        decoder.decode(token);
        return true;
      } catch (JwtException e) {
        return false;
      }
    };
  }

  /**
   * The issuer's keys: kept for a while, asked for again when a token names an unknown one, and
   * kept for longer while the issuer does not answer.
   */
  private static JWKSource<SecurityContext> keys(URI uri, AuthSettings.Jwt jwt) {
    try {
      long cache = jwt.cache().toMillis();
      return JWKSourceBuilder.create(
              uri.toURL(), new DefaultResourceRetriever(KEYS_TIMEOUT, KEYS_TIMEOUT, KEYS_BYTES))
          .cache(cache, 2 * KEYS_TIMEOUT)
          .refreshAheadCache(false)
          .rateLimited(Math.min(KEYS_INTERVAL, cache / 2))
          .outageTolerant(jwt.outage().toMillis())
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("TOKENTROPY_AUTH_JWT_JWKS_URI is no URL", e);
    }
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return open
        || Probes.OPEN.contains(request.getRequestURI())
        || (pagesOpen && Probes.isPage(request));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String header = request.getHeader("Authorization");
    boolean allowed =
        header != null
            && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            && bearer.test(header.substring(SCHEME.length()).strip());
    if (allowed) {
      chain.doFilter(request, response);
    } else {
      response.setHeader("WWW-Authenticate", "Bearer");
      Exchange.refuse(request, response, Problem.of(ProblemKind.UNAUTHORIZED));
    }
  }
}
