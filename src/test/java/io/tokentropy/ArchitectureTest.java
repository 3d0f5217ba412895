package io.tokentropy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The house: which room may call which. A room is a package; its sub-rooms count for themselves.
 */
class ArchitectureTest {
  private static final String HOUSE = "io.tokentropy";

  /** Each room with those it may import, without {@code io.tokentropy.} */
  static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("refusal", Set.of()),
          Map.entry("kernel", Set.of()),
          Map.entry("ledger", Set.of()),
          Map.entry("distribution", Set.of("refusal", "kernel")),
          Map.entry("binary", Set.of("refusal", "kernel")),
          Map.entry("entropy", Set.of("refusal", "distribution")),
          Map.entry("switching", Set.of("refusal", "distribution")),
          Map.entry("truncation", Set.of("refusal", "kernel", "distribution")),
          Map.entry("labels", Set.of("refusal", "kernel", "distribution")),
          Map.entry("similarity", Set.of("refusal", "kernel")),
          Map.entry("inventropy", Set.of("refusal", "kernel", "distribution", "similarity")),
          Map.entry("perturbation", Set.of("refusal", "distribution")),
          Map.entry("answers", Set.of("refusal", "kernel", "similarity")),
          Map.entry("ensemble", Set.of("refusal", "kernel", "distribution")),
          Map.entry("comparison", Set.of("refusal", "kernel", "distribution", "similarity")),
          Map.entry("evaluation", Set.of("refusal")),
          Map.entry("conformal", Set.of("refusal")),
          Map.entry("calibration", Set.of("refusal", "evaluation")),
          Map.entry("json", Set.of("refusal", "binary", "ledger")),
          Map.entry("dialect", Set.of("refusal", "distribution", "json")),
          Map.entry("score", Set.of("refusal", "distribution", "dialect")),
          Map.entry("upstream", Set.of()),
          Map.entry("asking", Set.of("refusal", "distribution", "json", "upstream")),
          Map.entry("logs", Set.of()),
          Map.entry("embedding", Set.of("refusal", "json", "upstream")),
          Map.entry(
              "entailment",
              Set.of("refusal", "distribution", "json", "dialect", "labels", "upstream")),
          Map.entry(
              "gateway.engine", Set.of("refusal", "distribution", "json", "dialect", "upstream")),
          Map.entry("gateway", Set.of("distribution", "switching", "gateway.engine")),
          Map.entry(
              "gateway.openai",
              Set.of(
                  "refusal",
                  "distribution",
                  "switching",
                  "json",
                  "upstream",
                  "gateway",
                  "gateway.engine")),
          Map.entry("gateway.check", Set.of("gateway.engine")),
          Map.entry("metrics", Set.of("kernel", "distribution")),
          Map.entry("endpoint", Set.of("refusal", "distribution", "json")),
          Map.entry(
              "endpoint.input",
              Set.of(
                  "refusal",
                  "kernel",
                  "distribution",
                  "binary",
                  "entropy",
                  "json",
                  "dialect",
                  "endpoint")),
          Map.entry(
              "endpoint.entropy",
              Set.of("refusal", "distribution", "entropy", "json", "endpoint", "endpoint.input")),
          Map.entry(
              "endpoint.truncation",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "truncation",
                  "json",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.switching",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "switching",
                  "json",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.step",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "switching",
                  "truncation",
                  "json",
                  "endpoint",
                  "endpoint.input",
                  "endpoint.entropy",
                  "endpoint.truncation",
                  "endpoint.switching")),
          Map.entry(
              "endpoint.score",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "json",
                  "dialect",
                  "score",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.inventropy",
              Set.of(
                  "refusal",
                  "entropy",
                  "similarity",
                  "inventropy",
                  "json",
                  "embedding",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.asking",
              Set.of(
                  "refusal",
                  "similarity",
                  "evaluation",
                  "perturbation",
                  "json",
                  "embedding",
                  "asking",
                  "endpoint",
                  "endpoint.inventropy",
                  "endpoint.perturbation",
                  "endpoint.uncertainty",
                  "endpoint.evaluation")),
          Map.entry(
              "endpoint.perturbation",
              Set.of("refusal", "similarity", "perturbation", "json", "embedding", "endpoint")),
          Map.entry(
              "endpoint.uncertainty",
              Set.of(
                  "refusal",
                  "entropy",
                  "similarity",
                  "answers",
                  "json",
                  "dialect",
                  "embedding",
                  "entailment",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.evaluation",
              Set.of("refusal", "entropy", "evaluation", "json", "endpoint", "endpoint.input")),
          Map.entry(
              "endpoint.calibration",
              Set.of(
                  "refusal",
                  "evaluation",
                  "calibration",
                  "json",
                  "endpoint",
                  "endpoint.input",
                  "endpoint.evaluation")),
          Map.entry(
              "endpoint.conformal",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "conformal",
                  "json",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.ensemble",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "ensemble",
                  "json",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.comparison",
              Set.of(
                  "refusal",
                  "distribution",
                  "entropy",
                  "comparison",
                  "json",
                  "endpoint",
                  "endpoint.input")),
          Map.entry(
              "endpoint.labels",
              Set.of(
                  "score",
                  "endpoint.score",
                  "refusal",
                  "distribution",
                  "entropy",
                  "json",
                  "dialect",
                  "labels",
                  "endpoint",
                  "endpoint.input")),
          Map.entry("web.problem", Set.of("refusal", "json", "embedding", "entailment")),
          Map.entry("web.wire", Set.of()),
          Map.entry("web.exchange", Set.of("web.problem", "web.wire")),
          Map.entry(
              "web.admission",
              Set.of("refusal", "metrics", "web.problem", "web.exchange", "web.wire")),
          Map.entry("web.security", Set.of("upstream", "logs", "web.problem", "web.exchange")),
          Map.entry("web.upstream", Set.of("upstream")),
          Map.entry(
              "web.gateway",
              Set.of(
                  "refusal",
                  "ledger",
                  "switching",
                  "json",
                  "upstream",
                  "gateway",
                  "gateway.engine",
                  "gateway.check",
                  "gateway.openai",
                  "metrics",
                  "endpoint.switching",
                  "web.problem",
                  "web.exchange",
                  "web.wire",
                  "web.admission",
                  "web.call")),
          Map.entry(
              "web.call",
              Set.of(
                  "refusal",
                  "ledger",
                  "distribution",
                  "score",
                  "json",
                  "embedding",
                  "entailment",
                  "asking",
                  "upstream",
                  "metrics",
                  "endpoint",
                  "endpoint.input",
                  "endpoint.entropy",
                  "endpoint.truncation",
                  "endpoint.switching",
                  "endpoint.step",
                  "endpoint.score",
                  "endpoint.labels",
                  "endpoint.inventropy",
                  "endpoint.asking",
                  "endpoint.perturbation",
                  "endpoint.uncertainty",
                  "endpoint.ensemble",
                  "endpoint.comparison",
                  "endpoint.evaluation",
                  "endpoint.conformal",
                  "endpoint.calibration",
                  "web.problem",
                  "web.exchange",
                  "web.wire",
                  "web.admission")),
          Map.entry(
              "web.api",
              Set.of(
                  "endpoint",
                  "endpoint.input",
                  "endpoint.entropy",
                  "endpoint.truncation",
                  "endpoint.switching",
                  "endpoint.step",
                  "endpoint.score",
                  "endpoint.labels",
                  "endpoint.inventropy",
                  "endpoint.asking",
                  "endpoint.perturbation",
                  "endpoint.uncertainty",
                  "endpoint.ensemble",
                  "endpoint.comparison",
                  "endpoint.evaluation",
                  "endpoint.conformal",
                  "endpoint.calibration",
                  "web.call")),
          Map.entry(
              "web.operation",
              Set.of(
                  "refusal",
                  "kernel",
                  "distribution",
                  "json",
                  "embedding",
                  "entailment",
                  "logs",
                  "metrics",
                  "endpoint",
                  "web.problem",
                  "web.exchange",
                  "web.wire")),
          Map.entry(
              "web.page",
              Set.of(
                  "kernel",
                  "binary",
                  "json",
                  "endpoint",
                  "endpoint.input",
                  "endpoint.asking",
                  "web.problem",
                  "web.admission",
                  "web.call")));

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(HOUSE);

  static Stream<String> rooms() {
    return MAY_IMPORT.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void importsOnlyWhatTheTableAllows(String room) {
    var foreign = new TreeSet<>(drawn().get(room));
    foreign.removeAll(MAY_IMPORT.get(room));
    assertThat(foreign).isEmpty();
  }

  /** An arrow that nobody draws any more is an invitation. */
  @ParameterizedTest
  @MethodSource("rooms")
  void usesWhatTheTableAllows(String room) {
    assertThat(drawn().get(room)).containsAll(MAY_IMPORT.get(room));
  }

  @Test
  void everyRoomIsInTheTable() {
    assertThat(drawn().keySet()).isEqualTo(MAY_IMPORT.keySet());
  }

  /** The arrows that the code draws, from room to room: constants leave theirs in imports only. */
  private static Map<String, Set<String>> drawn() {
    var arrows = new TreeMap<String, Set<String>>();
    for (JavaClass type : CODE) {
      String from = room(type);
      if (from.isEmpty()) {
        continue;
      }
      Set<String> to = arrows.computeIfAbsent(from, room -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(HOUSE + "."))
          .map(ArchitectureTest::room)
          .forEach(to::add);
      imported(type).forEach(to::add);
      to.remove(from);
    }
    return arrows;
  }

  private static final Pattern IMPORT =
      Pattern.compile("^import (?:static )?io\\.tokentropy\\.([a-z.]+)\\.[A-Z].*");

  /** The rooms that the source of a class imports. */
  private static Stream<String> imported(JavaClass type) {
    Path source =
        Path.of("src/main/java", type.getPackageName().replace('.', '/'))
            .resolve(type.getSource().orElseThrow().getFileName().orElseThrow());
    try {
      return Files.readAllLines(source).stream()
          .map(IMPORT::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String room(JavaClass type) {
    return type.getPackageName().equals(HOUSE)
        ? ""
        : type.getPackageName().substring(HOUSE.length() + 1);
  }

  /** The picture of the docs is that of the table; a new one stands beside the test's classes. */
  @Test
  void thePictureIsThatOfTheTable() throws IOException {
    String drawn = ArchitecturePicture.of(MAY_IMPORT);
    Path kept = Path.of("target", "architecture.svg");
    Files.createDirectories(kept.getParent());
    Files.writeString(kept, drawn);
    assertThat(Path.of("src/docs/architecture.svg"))
        .as("src/docs/architecture.svg, of which target/architecture.svg is the new version")
        .hasContent(drawn);
  }

  /** Neither between rooms, nor between the houses that sub-rooms make together. */
  @Test
  void thereAreNoCyclesAtAnyDepth() {
    slices().matching(HOUSE + ".(**)").should().beFreeOfCycles().check(CODE);
    slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void onlyTheKernelKnowsTheVectorModule() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE + ".kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CODE);
  }

  @Test
  void onlyPerturbationKnowsWordNet() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE + ".perturbation")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("net.sf.extjwnl..")
        .check(CODE);
  }

  @Test
  void capabilitiesKnowNoFramework() {
    noClasses()
        .that()
        .resideOutsideOfPackages(HOUSE, HOUSE + ".web..", HOUSE + ".metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "io.micrometer..", "jakarta..")
        .check(CODE);
    noClasses()
        .that()
        .resideOutsideOfPackages(HOUSE + ".web..", HOUSE + ".json..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tools.jackson..")
        .check(CODE);
  }

  @Test
  void nobodyUsesTheOldJackson() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..")
        .check(CODE);
  }

  /** A room that holds too much of the house is two rooms. */
  @Test
  void noRoomIsLargerThanAQuarterOfTheHouse() throws IOException {
    var lines = new TreeMap<String, Long>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        long length;
        try (Stream<String> all = Files.lines(file)) {
          length = all.count();
        }
        assertThat(length).as(file.toString()).isLessThanOrEqualTo(450);
        lines.merge(file.getParent().toString(), length, Long::sum);
      }
    }
    long all = lines.values().stream().mapToLong(Long::longValue).sum();
    assertThat(lines).allSatisfy((room, length) -> assertThat(length).isLessThan(all / 4));
  }

  @Test
  void httpRequestsStopWhereCallsBegin() {
    noClasses()
        .that()
        .resideOutsideOfPackages(HOUSE + ".web..")
        .or()
        .resideInAPackage(HOUSE + ".web.problem")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.servlet..")
        .check(CODE);
  }
}
