package io.tokentropy.web.security;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whose pages may call from a browser.
 *
 * @param origins as {@code https://app.example.org}; {@code *} for all, none where it is empty
 */
@ConfigurationProperties("tokentropy.cors")
record CorsSettings(@DefaultValue List<String> origins) {
  static final String ANY = "*";
  private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s*]+");

  CorsSettings {
    origins = List.copyOf(origins);
    for (String origin : origins) {
      if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "TOKENTROPY_CORS_ORIGINS has \""
                + origin
                + "\"; expected * or origins such as https://app.example.org, without a path");
      }
    }
  }

  /** Whether pages of an origin may read answers. */
  boolean allow(String origin) {
    return origins.contains(origin) || origins.contains(ANY);
  }
}
