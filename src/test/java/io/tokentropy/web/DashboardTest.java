package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What dashboards and alerts ask for is there, and what is there is asked for. */
class DashboardTest extends ServiceTest {
  private static final Pattern METRIC = Pattern.compile("\\btokentropy_[a-z_]+");

  private static Set<String> names(String text) {
    var names = new TreeSet<String>();
    Matcher matcher = METRIC.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static Set<String> asked() throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(Path.of("helm/tokentropy/files"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        names.addAll(names(Files.readString(file)));
      }
    }
    return names;
  }

  private String scrape() {
    post("/v1/entropy", "{\"top_logprobs\":[[-0.1,-9999,-2.3521684610440907]],\"vocab_size\":1000}")
        .ok();
    post("/v1/truncation", "{\"logits\":[[3,2,1]],\"top_h\":0.4}").ok();
    post(
            "/v1/ead",
            "{\"observations\":[{\"lower\":0.5,\"upper\":2}],\"config\":{\"threshold\":1,\"window\":1}}")
        .ok();
    return get("/metrics").text();
  }

  @Test
  void everyMetricOfADashboardOrAlertIsScraped() throws IOException {
    Set<String> scraped = names(scrape());
    assertThat(scraped).containsAll(asked());
  }

  @Test
  void everyMetricOfTheServiceIsUsed() throws IOException {
    var used = new TreeSet<String>();
    for (String name : asked()) {
      used.add(name.replaceAll("_(bucket|count|sum|max)$", ""));
    }
    var unused = new TreeSet<String>();
    for (String name : names(scrape())) {
      unused.add(name.replaceAll("_(bucket|count|sum|max)$", ""));
    }
    unused.removeAll(used);
    assertThat(unused).isEmpty();
  }

  @Test
  void everyMetricHasHelp() {
    for (String line : scrape().lines().filter(l -> l.startsWith("# TYPE tokentropy_")).toList()) {
      String name = line.split(" ")[2];
      assertThat(scrape()).containsPattern("# HELP " + name + " \\S+");
    }
  }
}
