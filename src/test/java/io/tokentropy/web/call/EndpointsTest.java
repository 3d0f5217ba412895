package io.tokentropy.web.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.endpoint.Endpoint;
import io.tokentropy.endpoint.asking.AskEndpoint;
import io.tokentropy.web.ServiceTest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.condition.MediaTypeExpression;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every endpoint value has exactly one route, and every route of a call its value. */
class EndpointsTest extends ServiceTest {
  private static final MediaType BYTES = MediaType.APPLICATION_OCTET_STREAM;
  private static final MediaType STREAM = MediaType.TEXT_EVENT_STREAM;

  @Autowired private Endpoints endpoints;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping handlers;

  private Stream<RequestMappingInfo> routes(RequestMethod method) {
    return handlers.getHandlerMethods().entrySet().stream()
        .filter(route -> route.getValue().getBeanType().getPackageName().endsWith(".web.api"))
        .map(route -> route.getKey())
        .filter(route -> route.getMethodsCondition().getMethods().contains(method));
  }

  private List<String> paths(RequestMethod method) {
    return routes(method)
        .flatMap(route -> route.getPatternValues().stream())
        .filter(path -> !path.equals(Batch.PATH) && !path.equals(AskEndpoint.PATH))
        .sorted()
        .toList();
  }

  @Test
  void aValueForEachRouteAndARouteForEachValue() {
    assertThat(paths(RequestMethod.POST))
        .isEqualTo(List.copyOf(endpoints.byPath().keySet()))
        .hasSize(endpoints.all().size());
    assertThat(paths(RequestMethod.GET)).isEqualTo(pathsOf(Endpoint.Form.QUERY));
  }

  private List<String> pathsOf(Endpoint.Form form) {
    return endpoints.byPath().values().stream()
        .filter(endpoint -> endpoint.reads().contains(form))
        .map(Endpoint::path)
        .toList();
  }

  /** What a route reads and answers is what its value can. */
  @Test
  void routesTakeTheFormsOfTheirValues() {
    var read = new TreeMap<String, Boolean>();
    var streams = new TreeMap<String, Boolean>();
    var packed = new TreeMap<String, Boolean>();
    routes(RequestMethod.POST)
        .forEach(
            route -> {
              String path = route.getPatternValues().iterator().next();
              read.put(path, takes(route.getConsumesCondition().getExpressions(), BYTES));
              streams.put(path, takes(route.getConsumesCondition().getExpressions(), STREAM));
              packed.put(path, takes(route.getProducesCondition().getExpressions(), BYTES));
            });
    var rows = new ArrayList<String>();
    for (Endpoint<?> endpoint : endpoints.all()) {
      boolean bytes = endpoint.reads().contains(Endpoint.Form.ROWS);
      assertThat(read).containsEntry(endpoint.path(), bytes);
      assertThat(streams)
          .containsEntry(endpoint.path(), endpoint.reads().contains(Endpoint.Form.RESPONSE));
      assertThat(packed).containsEntry(endpoint.path(), endpoint.packed() != null);
      if (bytes) {
        rows.add(endpoint.path());
      }
    }
    assertThat(rows).contains("/v1/entropy", "/v1/truncation", "/v1/step", "/v1/sample");
  }

  private static boolean takes(
      java.util.Set<? extends MediaTypeExpression> expressions, MediaType wanted) {
    return expressions.stream().anyMatch(type -> type.getMediaType().equals(wanted));
  }
}
