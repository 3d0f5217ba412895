package io.tokentropy.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The values, what the chart's README says of them, and their schema are the same. */
class ValuesTest {
  private static final Pattern KEY = Pattern.compile("( *)(\\w+):.*");

  /** The table of the chart's README is made from the values and the comments above them. */
  @Test
  void theReadmeHasEveryValue() throws IOException {
    Path file = Chart.SOURCE.resolve("values.yaml");
    var meanings = new LinkedHashMap<String, String>();
    var path = new ArrayList<String>();
    String comment = "";
    for (String line : Files.readAllLines(file)) {
      Matcher key = KEY.matcher(line);
      if (line.strip().startsWith("#")) {
        comment = (comment + " " + line.strip().substring(1).strip()).strip();
      } else if (key.matches() && key.group(1).length() / 2 <= path.size()) {
        int depth = key.group(1).length() / 2;
        path.subList(depth, path.size()).clear();
        path.add(key.group(2));
        meanings.put(String.join(".", path), comment);
        comment = "";
      } else if (line.isBlank()) {
        comment = "";
      }
    }
    Map<?, ?> values = new Yaml().load(Files.readString(file));
    var rows = new ArrayList<String>();
    rows("", values, meanings, rows);
    String readme = Files.readString(Chart.SOURCE.resolve("README.md"));
    String expected =
        readme.substring(0, readme.indexOf("| value |"))
            + "| value | default | meaning |\n|---|---|---|\n"
            + String.join("", rows);
    Files.writeString(Path.of("target/chart-readme.md"), expected);
    assertThat(readme).as("target/chart-readme.md is what it should be").isEqualTo(expected);
  }

  private static void rows(
      String path, Object value, Map<String, String> meanings, List<String> rows) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && !path.endsWith("labels")) {
      map.forEach(
          (name, inner) ->
              rows(path.isEmpty() ? "" + name : path + "." + name, inner, meanings, rows));
    } else {
      String meaning = "";
      for (String above = path; meaning.isEmpty() && !above.isEmpty(); ) {
        meaning = meanings.getOrDefault(above, "");
        above = above.substring(0, Math.max(0, above.lastIndexOf('.')));
      }
      String json = new GsonBuilder().disableHtmlEscaping().create().toJson(value);
      rows.add("| `" + path + "` | `" + json + "` | " + meaning + " |\n");
    }
  }

  @Test
  void everyValueIsInTheSchemaAndTheReverse() throws IOException {
    Map<?, ?> values = new Yaml().load(Files.readString(Chart.SOURCE.resolve("values.yaml")));
    Map<?, ?> schema =
        new Yaml().load(Files.readString(Chart.SOURCE.resolve("values.schema.json")));
    assertThat(schema.get("additionalProperties")).isEqualTo(false);
    Map<?, ?> properties = (Map<?, ?>) schema.get("properties");
    var known = new TreeSet<Object>(properties.keySet());
    // Helm itself puts this in for subcharts.
    known.remove("global");
    assertThat(known).isEqualTo(new TreeSet<Object>(values.keySet()));
    closed("", properties);
  }

  /** An object either lists its fields and has no others, or says of what kind its values are. */
  private static void closed(String path, Map<?, ?> properties) {
    properties.forEach(
        (name, value) -> {
          Map<?, ?> schema = (Map<?, ?>) value;
          if ("object".equals(schema.get("type")) && schema.containsKey("properties")) {
            assertThat(schema.get("additionalProperties")).as(path + name).isEqualTo(false);
            closed(path + name + ".", (Map<?, ?>) schema.get("properties"));
          }
        });
  }

  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n([^`]*)```");

  @Test
  void everyExampleOfTheReadmeIsTaken(@TempDir Path folder) throws IOException {
    Chart chart = Chart.in(folder.resolve("chart"));
    Matcher example = EXAMPLE.matcher(Files.readString(Chart.SOURCE.resolve("README.md")));
    int examples = 0;
    for (; example.find(); examples++) {
      Manifests manifests = Manifests.of(chart.render("auth: { mode: none }\n" + example.group(1)));
      manifests.validate();
      new Rules(manifests).check();
    }
    assertThat(examples).isPositive();
  }
}
