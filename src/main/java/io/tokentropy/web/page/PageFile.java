package io.tokentropy.web.page;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.DigestUtils;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * What a browser is sent, and how it may keep it: asked for again at each visit, sent again only
 * where it has changed.
 */
final class PageFile {
  /**
   * Scripts and styles of our own alone, calls to this service alone, no frame around it: a page
   * that was made to show something foreign could not send it away.
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final byte[] plain;
  private final byte[] packed;
  private final String tag;
  private final String type;

  /**
   * @param plain the bytes, which are kept
   * @param type the media type
   */
  PageFile(byte[] plain, String type) throws IOException {
    var gzipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(gzipped)) {
      gzip.write(plain);
    }
    this.plain = plain;
    this.packed = gzipped.toByteArray();
    this.tag = DigestUtils.md5DigestAsHex(plain);
    this.type = type;
  }

  /** Sends it, or 304 to a browser that has it. */
  void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
    boolean gzip = takesGzip(request.getHeader(HttpHeaders.ACCEPT_ENCODING));
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
    response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    response.setHeader("Content-Security-Policy", POLICY);
    String etag = "\"" + tag + (gzip ? "-gzip\"" : "\"");
    if (new ServletWebRequest(request, response).checkNotModified(etag)) {
      return;
    }
    byte[] body = gzip ? packed : plain;
    response.setContentType(type);
    response.setContentLength(body.length);
    if (gzip) {
      response.setHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    if (request.getMethod().equals("GET")) {
      response.getOutputStream().write(body);
    }
  }

  /** {@code gzip;q=0} says that it is not wanted. */
  private static boolean takesGzip(@Nullable String accepted) {
    return accepted != null
        && Stream.of(accepted.split(","))
            .anyMatch(
                one -> one.strip().matches("(?i)gzip(\\s*;\\s*q=(1(\\.0*)?|0?\\.0*[1-9]\\d*))?"));
  }
}
