package io.tokentropy.web.page;

import io.tokentropy.web.problem.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
  private final String playground;
  private final ProblemPage problems;

  PageController(ContractController contract) throws IOException {
    problems = new ProblemPage(contract);
    cheatSheet = new CheatSheet(resource("pages/cheat-sheet.txt"));
    page = resource("pages/page.html");
    playground = resource("pages/playground.html");
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = new ClassPathResource(path).getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The playground for browsers, with the cheat sheet in it; the sheet alone for shells. */
  @GetMapping("/")
  @Nullable ResponseEntity<String> home(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String base = base(request);
    if (!Browsers.wantHtml(request)) {
      return text(cheatSheet.text(base));
    }
    response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    byte[] html =
        playground.replace("{commands}", cheatSheet.html(base)).getBytes(StandardCharsets.UTF_8);
    new PageFile(html, "text/html;charset=UTF-8").send(request, response);
    return null;
  }

  @GetMapping("/problems")
  ResponseEntity<String> problems(HttpServletRequest request) {
    ProblemKind[] all = ProblemKind.values();
    if (!Browsers.wantHtml(request)) {
      return text(
          Arrays.stream(all)
              .map(k -> "%-30s %d  %s%n".formatted(k.type(), k.status, k.title))
              .collect(Collectors.joining()));
    }
    return html(
        "Problems",
        Arrays.stream(all)
            .map(
                k ->
                    "<li><a href=\"%s\">%s</a> (<code>%s</code>, HTTP %d)</li>"
                        .formatted(k.type(), HtmlUtils.htmlEscape(k.title), k.code(), k.status))
            .collect(Collectors.joining("", "<ul>", "</ul>")));
  }

  /** The page of one problem; its name may be written as the code is, too. */
  @GetMapping("/problems/{slug}")
  ResponseEntity<String> problem(@PathVariable String slug, HttpServletRequest request)
      throws NoResourceFoundException {
    String name = slug.replace('_', '-');
    ProblemKind kind =
        Arrays.stream(ProblemKind.values())
            .filter(k -> k.slug().equals(name))
            .findFirst()
            .orElse(null);
    if (kind == null) {
      throw new NoResourceFoundException(HttpMethod.GET, request.getRequestURI(), slug);
    }
    String base = base(request);
    return Browsers.wantHtml(request)
        ? html(kind.title, problems.html(kind, base))
        : text(problems.text(kind, base));
  }

  /** Where the service is for the caller, without the path. */
  private static String base(HttpServletRequest request) {
    String url = request.getRequestURL().toString();
    return HtmlUtils.htmlEscape(url.substring(0, url.length() - request.getRequestURI().length()));
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
