package io.tokentropy.helm;

import static io.tokentropy.helm.Manifests.at;
import static io.tokentropy.helm.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the chart's alerts and dashboards give to who looks at them. */
class MonitoringTest {
  private static final Pattern SERIES =
      Pattern.compile("\\b(?:(?:tokentropy|jvm|process)_\\w+|up)\\b(\\{[^}]*})?");

  @TempDir private static Path folder;

  static List<Path> boards() throws IOException {
    try (Stream<Path> files = Files.list(Chart.SOURCE.resolve("files/dashboards"))) {
      return files.sorted().toList();
    }
  }

  private static JsonNode read(Path board) throws IOException {
    return new JsonMapper().readTree(board);
  }

  @ParameterizedTest
  @MethodSource("boards")
  void everyPanelSaysWhatItShows(Path board) throws IOException {
    var said = new HashSet<String>();
    for (JsonNode panel : read(board).get("panels")) {
      String description = panel.path("description").asString("");
      assertThat(description)
          .as(panel.get("title").stringValue())
          .hasSizeGreaterThan(30)
          .endsWith(".");
      assertThat(said.add(description)).as(description).isTrue();
    }
  }

  /**
   * Of many namespaces and replicas the viewer chooses; all of them at first, and where there are
   * none.
   */
  @ParameterizedTest
  @MethodSource("boards")
  void everyQueryIsOfTheChosenNamespaceAndReplica(Path board) throws IOException {
    for (String name : List.of("namespace", "instance")) {
      JsonNode variable =
          read(board).at("/templating/list").findParents("name").stream()
              .filter(one -> name.equals(one.path("name").stringValue()))
              .findFirst()
              .orElseThrow();
      assertThat(variable.get("type").stringValue()).isEqualTo("query");
      assertThat(variable.get("definition").stringValue())
          .startsWith("label_values(tokentropy_build_info")
          .isEqualTo(variable.at("/query/query").stringValue());
      assertThat(variable.get("multi").booleanValue()).isTrue();
      assertThat(variable.get("includeAll").booleanValue()).isTrue();
      assertThat(variable.get("allValue").stringValue()).isEqualTo(".*");
    }
    for (String expression : read(board).findValuesAsString("expr")) {
      Matcher series = SERIES.matcher(expression);
      while (series.find()) {
        assertThat(series.group(1))
            .as(expression)
            .contains("namespace=~\"$namespace\",instance=~\"$instance\"");
      }
    }
  }

  private static List<Object> links(String values) throws IOException {
    Chart chart = Chart.in(Files.createTempDirectory(folder, "chart"));
    Manifests manifests = Manifests.of(chart.render("auth: { mode: none }\n" + values));
    var links = new ArrayList<Object>();
    for (Object group : list(manifests.only(PrometheusRule.class), "spec.groups")) {
      for (Object rule : list(group, "rules")) {
        if (at(rule, "alert") != null) {
          Object link = at(rule, "annotations.runbook_url");
          assertThat(at(rule, "annotations.summary")).isNotNull();
          links.add(link == null ? "" : at(rule, "alert") + " " + link);
        }
      }
    }
    return links;
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://git.example/t/blob/main", "https://git.example/t/blob/main/"})
  void alertsLinkToTheirPartOfTheRunbook(String base) throws IOException {
    String page = Files.readString(Path.of("src/docs/operations.md"));
    List<Object> links = links("prometheusRule: { enabled: true, runbookBase: \"" + base + "\" }");
    assertThat(links).hasSize(14);
    for (Object link : links) {
      String alert = ((String) link).split(" ")[0];
      assertThat(link)
          .isEqualTo(
              alert
                  + " https://git.example/t/blob/main/src/docs/operations.md#"
                  + alert.toLowerCase(Locale.ROOT));
      assertThat(page).contains("\n### " + alert + "\n");
    }
  }

  /** A path that cannot be clicked is no link. */
  @Test
  void withoutABaseThereIsNoLink() throws IOException {
    assertThat(links("prometheusRule: { enabled: true }")).hasSize(14).containsOnly("");
  }
}
