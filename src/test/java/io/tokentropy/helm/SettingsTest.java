package io.tokentropy.helm;

import static io.tokentropy.helm.Manifests.list;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart takes what the docs name and the service reads, and nothing else. */
class SettingsTest {
  /** A name in full, and those after it in the same cell that leave out its beginning. */
  private static final Pattern NAMES =
      Pattern.compile(
          "`((?:TOKENTROPY|SERVER|LOGGING|MANAGEMENT)_(?:[A-Z0-9_]|<NAME>)+)`"
              + "((?:, `_[A-Z0-9_]+`)*)");

  /** Left out: what another server, another kind of service and another logger read. */
  private static final Pattern PROPERTY =
      Pattern.compile(
          "(server\\.(?!reactive|servlet)|logging\\.(?!log4j2)|spring\\.ssl\\.bundle\\.).+"
              + "|management\\.server\\.(address|port)");

  @TempDir private static Path folder;

  private static Chart chart;

  @BeforeAll
  static void copy() throws IOException {
    chart = Chart.in(folder.resolve("chart"));
  }

  /** The settings that a table of README or docs has in its first column, in full. */
  private static Set<String> named() throws IOException {
    var pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> docs = Files.walk(Path.of("src/docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    var names = new TreeSet<String>();
    for (Path page : pages) {
      for (String line : Files.readAllLines(page)) {
        Matcher matcher = NAMES.matcher(line.startsWith("|") ? line.split("\\|")[1] : "");
        while (matcher.find()) {
          names.add(matcher.group(1));
          for (String rest : matcher.group(2).split("[`, ]+")) {
            if (!rest.isEmpty()) {
              names.add(beginning(matcher.group(1), rest) + rest);
            }
          }
        }
      }
    }
    return names;
  }

  /** What a shortened name leaves out: what stands before its own first word, or the last word. */
  private static String beginning(String full, String rest) {
    int word = full.indexOf(rest.replaceFirst("(_[A-Z]+_?).*", "$1"));
    return full.substring(0, word > 0 ? word : full.lastIndexOf('_'));
  }

  /**
   * The properties of Spring that are settings; one that has names of its own below it ends in *.
   */
  private static Set<String> properties() throws IOException {
    var properties = new TreeSet<String>();
    for (URL metadata :
        Collections.list(
            SettingsTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      for (JsonNode property : read(metadata).get("properties")) {
        String name = property.get("name").stringValue();
        if (PROPERTY.matcher(name).matches() && !property.has("deprecated")) {
          properties.add(
              property.path("type").asString("").startsWith("java.util.Map") ? name + ".*" : name);
        }
      }
    }
    return properties;
  }

  private static JsonNode read(URL metadata) throws IOException {
    try (InputStream in = metadata.openStream()) {
      return new JsonMapper().readTree(in);
    }
  }

  private static String variable(String property) {
    return property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
  }

  @Test
  void theListIsMadeFromTheDocsAndFromSpring() throws IOException {
    Set<String> properties = properties();
    var ofSpring = properties.stream().map(SettingsTest::variable).collect(Collectors.toSet());
    var lines = new ArrayList<String>();
    lines.add("# What `settings` takes: the names of the docs, then the properties of Spring.");
    lines.add("JAVA_TOOL_OPTIONS");
    named().stream().filter(name -> !ofSpring.contains(name)).forEach(lines::add);
    lines.addAll(properties);
    Path expected = Path.of("target/chart-settings.txt");
    Files.write(expected, lines);
    assertThat(Files.readAllLines(Chart.SOURCE.resolve("files/settings.txt")))
        .as(expected + " is what it should be")
        .isEqualTo(lines);
  }

  /** Settings of the chart's own values, and those that are secret, have another place. */
  private static boolean elsewhere(String name) {
    return name.matches("TOKENTROPY_AUTH_(MODE|API_KEYS.*|JWT_(ISSUER|AUDIENCE|JWKS_URI))")
        || name.endsWith("API_KEY");
  }

  /** A name that has a part of its user's choice, with such a part. */
  private static String chosen(String name) {
    return name.replace("<NAME>", "SMALL7");
  }

  @Test
  void everySettingThatTheDocsNameArrives() throws IOException {
    var values = new StringBuilder("auth: { mode: none }\nsettings:\n");
    var expected = new ArrayList<String>();
    for (String name : named()) {
      if (!elsewhere(name)) {
        String value = name.endsWith("_PORT") ? String.valueOf(9000 + expected.size()) : "x";
        values.append("  " + chosen(name) + ": \"" + value + "\"\n");
        expected.add("{name=" + chosen(name) + ", value=" + value + "}");
      }
    }
    values.append("settingsFromSecrets:\n");
    values.append("  TOKENTROPY_EMBEDDINGS_API_KEY: { name: embeddings, key: key }\n");
    expected.add(
        "{name=TOKENTROPY_EMBEDDINGS_API_KEY,"
            + " valueFrom={secretKeyRef={name=embeddings, key=key}}}");
    assertThat(environment(values.toString())).containsAll(expected);
  }

  private static List<String> environment(String values) throws IOException {
    return list(Manifests.of(chart.render(values)).container(), "env").stream()
        .map(String::valueOf)
        .toList();
  }

  /** A number of a values file is floating-point to Helm, and off without quotes is false. */
  @Test
  void valuesArriveAsTheyAreWritten() throws IOException {
    String values =
        """
        auth: { mode: none }
        settings:
          TOKENTROPY_MAX_BODY_BYTES: 67108864
          TOKENTROPY_MAX_INV_ENTROPY_OPERATIONS: 10000000000
          TOKENTROPY_MAX_COMPRESSION_RATIO: 0.5
          TOKENTROPY_COMPRESSED_BODIES: true
          TOKENTROPY_EMBEDDINGS_BACKEND: off
          TOKENTROPY_ADMISSION_DEADLINE: 5s
          TOKENTROPY_METRICS_MODELS: [small, large]
          JAVA_TOOL_OPTIONS: -XX:MaxRAMPercentage=50 -Da="b"
        """;
    assertThat(environment(values))
        .contains(
            "{name=TOKENTROPY_MAX_BODY_BYTES, value=67108864}",
            "{name=TOKENTROPY_MAX_INV_ENTROPY_OPERATIONS, value=10000000000}",
            "{name=TOKENTROPY_MAX_COMPRESSION_RATIO, value=0.5}",
            "{name=TOKENTROPY_COMPRESSED_BODIES, value=true}",
            "{name=TOKENTROPY_EMBEDDINGS_BACKEND, value=off}",
            "{name=TOKENTROPY_ADMISSION_DEADLINE, value=5s}",
            "{name=TOKENTROPY_METRICS_MODELS, value=small,large}",
            "{name=JAVA_TOOL_OPTIONS, value=-XX:MaxRAMPercentage=50 -Da=\"b\"}");
  }

  /** Spring reads both spellings of a hyphen, lists by index, and maps by any name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVER_MAX_HTTP_REQUEST_HEADER_SIZE",
        "SERVER_MAXHTTPREQUESTHEADERSIZE",
        "SERVER_COMPRESSION_MIME_TYPES_0",
        "LOGGING_LEVEL_COM_EXAMPLE",
        "SPRING_SSL_BUNDLE_PEM_OTHER_KEYSTORE_CERTIFICATE"
      })
  void namesOfSpringMayBeSpeltAsSpringReadsThem(String name) throws IOException {
    String values = "auth: { mode: none }\nsettings: { " + name + ": debug }";
    assertThat(environment(values)).contains("{name=" + name + ", value=debug}");
  }

  @Test
  void portsOfTheSettingsAreThoseOfTheContainer() throws IOException {
    Manifests manifests =
        Manifests.of(
            chart.render("auth: { mode: none }\nsettings: { MANAGEMENT_SERVER_PORT: 9091 }"));
    assertThat(list(manifests.container(), "ports"))
        .isEqualTo(
            List.of(
                Map.of("name", "http", "containerPort", 8080),
                Map.of("name", "management", "containerPort", 9091)));
  }
}
