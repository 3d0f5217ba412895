package io.tokentropy.web.security;

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
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets in who may call: everything but the probes and the pages wants a key or a token where the
 * configuration says so. A service that others can reach does not start before it was said who may.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class AuthFilter extends OncePerRequestFilter {
  private static final String SCHEME = "Bearer ";

  /** What is the same for everybody: pages, the contract, and the browser page with its files. */
  private static final Pattern PAGE =
      Pattern.compile(
          "/|/docs|/problems(/[a-z_-]+)?|/openapi\\.(json|yaml)|/openapi/from-code/swagger-config"
              + "|/favicon\\.(ico|svg)|/swagger-ui/[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*");

  private final @Nullable Tokens tokens;
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
    this.tokens = mode == AuthSettings.Mode.JWT ? new Tokens(settings.jwt()) : null;
    this.bearer =
        mode == AuthSettings.Mode.API_KEY
            ? new ApiKeys(settings.apiKeys(), settings.apiKeysFile())::open
            : tokens != null ? tokens::open : key -> open;
  }

  @Override
  public void destroy() {
    if (tokens != null) {
      tokens.close();
    }
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

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return open || Probes.OPEN.contains(request.getRequestURI()) || (pagesOpen && isPage(request));
  }

  private static boolean isPage(HttpServletRequest request) {
    boolean read = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return read && PAGE.matcher(request.getRequestURI()).matches();
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
