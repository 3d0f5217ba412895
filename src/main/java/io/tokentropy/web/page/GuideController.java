package io.tokentropy.web.page;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * The guide: the pages that the build makes of the repository's Markdown ({@code
 * src/build/Guide.java}). Browsers get HTML, everybody else the Markdown, and files that the pages
 * link to come as they stand. A service that was started without that step of the build has none.
 */
@RestController
class GuideController {
  private static final String FOLDER = "guide/";

  /** The page and its own files; a picture styles itself. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String POLICY_OF_PICTURES = "default-src 'none'; style-src 'unsafe-inline'";

  private static final Map<String, MediaType> TYPES =
      Map.of(
          "css", text("css"),
          "html", text("html"),
          "js", text("javascript"),
          "json", MediaType.APPLICATION_JSON,
          "svg", new MediaType("image", "svg+xml"));

  private final Set<String> files = new TreeSet<>();

  GuideController() throws IOException {
    var list = new ClassPathResource(FOLDER + "files.txt");
    if (list.exists()) {
      list.getContentAsString(StandardCharsets.UTF_8).lines().forEach(files::add);
    }
  }

  private static MediaType text(String subtype) {
    return new MediaType("text", subtype, StandardCharsets.UTF_8);
  }

  @GetMapping("/guide")
  ResponseEntity<byte[]> index(HttpServletRequest request)
      throws IOException, NoResourceFoundException {
    return page("index", request);
  }

  /** A page by its name, or a file by its own. */
  @GetMapping("/guide/{page}")
  ResponseEntity<byte[]> page(@PathVariable String page, HttpServletRequest request)
      throws IOException, NoResourceFoundException {
    boolean html = Browsers.wantHtml(request);
    String file = files.contains(page) ? page : page + (html ? ".html" : ".md");
    if (!files.contains(file)) {
      throw new NoResourceFoundException(HttpMethod.GET, request.getRequestURI(), page);
    }
    MediaType type = TYPES.getOrDefault(file.replaceFirst(".*\\.", ""), text("plain"));
    return ResponseEntity.ok()
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .header(
            "Content-Security-Policy",
            type.getSubtype().equals("svg+xml") ? POLICY_OF_PICTURES : POLICY)
        .contentType(type)
        .body(read(file));
  }

  private static byte[] read(String file) throws IOException {
    try (InputStream in = new ClassPathResource(FOLDER + file).getInputStream()) {
      return in.readAllBytes();
    }
  }
}
