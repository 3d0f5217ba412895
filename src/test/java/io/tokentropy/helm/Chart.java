package io.tokentropy.helm;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The chart as Helm renders it, its test as an ordinary pod: the library does not render hooks. */
final class Chart {
  static final Path SOURCE = Path.of("helm/tokentropy");

  private static final Pattern HOOK =
      Pattern.compile("  annotations:\\n    helm.sh/hook: test\\n    helm.sh/hook-.*\\n");

  /** Values as a document of a test's file: what its first line says of them, and their YAML. */
  record Example(String says, String values) {
    @Override
    public String toString() {
      return says;
    }
  }

  private final Path folder;

  private Chart(Path folder) {
    this.folder = folder;
  }

  static Chart in(Path folder) throws IOException {
    return in(folder, UnaryOperator.identity());
  }

  /**
   * A copy that can be rendered.
   *
   * @param folder where it goes; must be empty
   * @param chartFile makes another Chart.yaml of the chart's own
   */
  static Chart in(Path folder, UnaryOperator<String> chartFile) throws IOException {
    try (Stream<Path> files = Files.walk(SOURCE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(SOURCE.relativize(file));
        Files.createDirectories(copy.getParent());
        String text = HOOK.matcher(Files.readString(file)).replaceAll("");
        Files.writeString(copy, copy.endsWith("Chart.yaml") ? chartFile.apply(text) : text);
      }
    }
    return new Chart(folder);
  }

  /** What Helm makes of values in YAML. */
  String render(String values) throws IOException {
    return render("release", values);
  }

  String render(String release, String values) throws IOException {
    Path file = Files.createTempFile(folder.getParent(), "values", ".yaml");
    Files.writeString(file, values);
    return new Helm(folder)
        .template()
        .withName(release)
        .withNamespace("space")
        .withKubeVersion("1.31.0")
        .withValuesFile(file)
        .call();
  }

  /**
   * The examples of a file, one a document, each with a comment as its first line. One that does
   * not speak of who may call lets in everybody.
   */
  static List<Example> examples(String name) throws IOException {
    var examples = new ArrayList<Example>();
    String text = Files.readString(Path.of("src/test/resources/helm", name));
    for (String document : text.split("(?m)^---\\n")) {
      int line = document.indexOf('\n');
      String values = document.substring(line + 1);
      boolean silent = !values.startsWith("auth:") && !values.contains("\nauth:");
      examples.add(
          new Example(
              document.substring(2, line), silent ? values + "auth: { mode: none }\n" : values));
    }
    return examples;
  }
}
