package io.tokentropy.web.page;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * The files of the playground, {@code /playground/main.js} and so on, as the jar holds them: read
 * once, and packed once for whoever takes gzip.
 */
@Configuration(proxyBeanMethods = false)
class Playground {
  private static final String PATH = "/playground/";

  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript;charset=UTF-8",
          "css", "text/css;charset=UTF-8",
          "svg", "image/svg+xml",
          "txt", "text/plain;charset=UTF-8");

  private static final List<String> METHODS = List.of("GET", "HEAD", "OPTIONS");

  @Bean
  SimpleUrlHandlerMapping playgroundFiles() throws IOException {
    Map<String, PageFile> files = files();
    HttpRequestHandler handler = (request, response) -> send(files, request, response);
    // Before the files that Spring looks for on the class path.
    return new SimpleUrlHandlerMapping(Map.of(PATH + "*", handler), Ordered.LOWEST_PRECEDENCE - 2);
  }

  private static Map<String, PageFile> files() throws IOException {
    var files = new HashMap<String, PageFile>();
    for (Resource resource :
        new PathMatchingResourcePatternResolver().getResources("classpath:pages/playground/*.*")) {
      String name = String.valueOf(resource.getFilename());
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      if (type != null) {
        files.put(name, new PageFile(resource.getContentAsByteArray(), type));
      }
    }
    return files;
  }

  private static void send(
      Map<String, PageFile> files, HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String path = request.getRequestURI();
    PageFile file = files.get(path.substring(PATH.length()));
    if (file == null) {
      throw new NoResourceFoundException(HttpMethod.GET, path, path);
    }
    switch (request.getMethod()) {
      case "GET", "HEAD" -> file.send(request, response);
      case "OPTIONS" -> response.setHeader(HttpHeaders.ALLOW, String.join(",", METHODS));
      default -> throw new HttpRequestMethodNotSupportedException(request.getMethod(), METHODS);
    }
  }
}
