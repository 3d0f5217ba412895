package io.tokentropy.web.page;

import io.tokentropy.web.problem.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.HtmlUtils;

/**
 * What people see: the start page, as text for curl and as HTML for browsers, and a page for each
 * problem.
 */
@RestController
class PageController {
  private final CheatSheet cheatSheet;
  private final String page;

  PageController() throws IOException {
    cheatSheet = new CheatSheet(resource("pages/cheat-sheet.txt"));
    page = resource("pages/page.html");
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = new ClassPathResource(path).getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @GetMapping("/")
  ResponseEntity<String> home(HttpServletRequest request) {
    String base = request.getRequestURL().toString().replaceAll("/$", "");
    return wantsHtml(request)
        ? html("Tokentropy", cheatSheet.html(base))
        : text(cheatSheet.text(base));
  }

  @GetMapping("/problems/{slug}")
  ResponseEntity<String> problem(@PathVariable String slug, HttpServletRequest request)
      throws NoResourceFoundException {
    Optional<ProblemKind> kind =
        Arrays.stream(ProblemKind.values()).filter(k -> k.slug().equals(slug)).findFirst();
    if (kind.isEmpty()) {
      throw new NoResourceFoundException(HttpMethod.GET, request.getRequestURI(), slug);
    }
    ProblemKind k = kind.get();
    if (!wantsHtml(request)) {
      return text(
          """
          %s (%d, %s)

          Meaning: %s
          Cause:   %s
          Fix:     %s
          Example: %s
          """
              .formatted(k.title, k.status, k.code(), k.meaning, k.cause, k.fix, k.example));
    }
    return html(
        k.title,
        "<p class=\"lead\"><code>%s</code>, HTTP %d</p><h2>What it means</h2><p>%s</p><h2>Usual cause</h2><p>%s</p><h2>What to do</h2><p>%s</p><h2>Example</h2><pre>%s</pre>"
            .formatted(
                k.code(),
                k.status,
                HtmlUtils.htmlEscape(k.meaning),
                HtmlUtils.htmlEscape(k.cause),
                HtmlUtils.htmlEscape(k.fix),
                HtmlUtils.htmlEscape(k.example)));
  }

  /** Browsers say text/html; curl says everything. */
  private static boolean wantsHtml(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains("text/html");
  }

  private static ResponseEntity<String> text(String body) {
    return ResponseEntity.ok()
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
        .body(body);
  }

  private ResponseEntity<String> html(String title, String body) {
    return ResponseEntity.ok()
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .body(page.replace("{title}", HtmlUtils.htmlEscape(title)).replace("{body}", body));
  }
}
