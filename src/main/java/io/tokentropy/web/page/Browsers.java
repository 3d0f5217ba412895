package io.tokentropy.web.page;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;

/** Who reads a page. */
final class Browsers {
  private Browsers() {}

  /** Browsers say text/html; curl says everything. */
  static boolean wantHtml(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains("text/html");
  }
}
