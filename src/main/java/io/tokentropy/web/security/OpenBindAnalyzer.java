package io.tokentropy.web.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in two lines what to do about {@link AuthFilter.OpenBind}. */
public class OpenBindAnalyzer extends AbstractFailureAnalyzer<AuthFilter.OpenBind> {
  @Override
  protected FailureAnalysis analyze(Throwable root, AuthFilter.OpenBind cause) {
    return new FailureAnalysis(
        String.valueOf(cause.getMessage()),
        "Set TOKENTROPY_AUTH_MODE to api-key or jwt, or to none if that is what you want; or leave"
            + " SERVER_ADDRESS at a loopback address.",
        cause);
  }
}
