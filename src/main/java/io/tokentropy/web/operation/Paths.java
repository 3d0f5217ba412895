package io.tokentropy.web.operation;

import io.tokentropy.json.DidYouMean;
import io.tokentropy.web.problem.ProblemKind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The paths that there are, as the routes themselves say: which of them was meant? */
@Component
class Paths {
  /** Letters that may be wrong; two neighbours that changed places count as two. */
  private static final int SLIPS = 2;

  private final ObjectProvider<RequestMappingHandlerMapping> routes;

  Paths(
      @Qualifier("requestMappingHandlerMapping")
          ObjectProvider<RequestMappingHandlerMapping> routes) {
    this.routes = routes;
  }

  /**
   * The path that is one slip away from one that does not exist: a slash at its end, {@code /v1}
   * left out or written twice, capitals, a plural, a letter or two.
   */
  Optional<String> meant(String path) {
    Set<String> known = known();
    String plain = path.toLowerCase(Locale.ROOT).replaceAll("/+", "/").replaceAll("/$", "");
    List<String> readings =
        List.of(
            plain,
            "/v1" + plain,
            plain.replaceFirst("^(/v1)+/", "/v1/"),
            plain.replace('_', '-'),
            plain.replaceFirst("ies$", "y"));
    return readings.stream()
        .filter(known::contains)
        .findFirst()
        .or(
            () ->
                readings.stream()
                    .flatMap(reading -> DidYouMean.nearest(reading, known, SLIPS).stream())
                    .findFirst());
  }

  /** The media types that a body for this path may have; none if it takes no body. */
  List<MediaType> bodies(String path) {
    return mappings()
        .filter(route -> route.getPatternValues().contains(path))
        .flatMap(route -> route.getConsumesCondition().getConsumableMediaTypes().stream())
        .toList();
  }

  private Set<String> known() {
    Stream<String> fixed =
        mappings()
            .flatMap(route -> route.getPatternValues().stream())
            .filter(path -> path.matches("/[a-z0-9/._-]+") && !path.equals("/error"));
    Stream<String> problems = Stream.of(ProblemKind.values()).map(ProblemKind::type);
    return Stream.concat(fixed, problems).collect(Collectors.toCollection(TreeSet::new));
  }

  private Stream<RequestMappingInfo> mappings() {
    Map<RequestMappingInfo, ?> all = routes.getObject().getHandlerMethods();
    return all.keySet().stream();
  }
}
