package io.tokentropy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
          Map.entry("distribution", Set.of("kernel", "refusal")),
          Map.entry("binary", Set.of("kernel", "refusal")),
          Map.entry("entropy", Set.of("distribution", "refusal")),
          Map.entry("switching", Set.of("distribution", "refusal")),
          Map.entry("truncation", Set.of("kernel", "distribution", "refusal")),
          Map.entry("similarity", Set.of("kernel", "refusal")),
          Map.entry("inventropy", Set.of("similarity", "kernel", "distribution", "refusal")),
          Map.entry("evaluation", Set.of("refusal")),
          Map.entry("json", Set.of("binary", "refusal")),
          Map.entry("dialect", Set.of("json", "distribution", "refusal")),
          Map.entry("score", Set.of("dialect", "distribution")),
          Map.entry("embedding", Set.of("json", "refusal")),
          Map.entry("metrics", Set.of("kernel", "distribution")),
          Map.entry("endpoint", Set.of("json", "refusal")),
          Map.entry(
              "endpoint.switching",
              Set.of("switching", "endpoint", "json", "distribution", "entropy", "refusal")),
          Map.entry(
              "web",
              Set.of(
                  "endpoint",
                  "endpoint.switching",
                  "refusal",
                  "kernel",
                  "distribution",
                  "entropy",
                  "switching",
                  "truncation",
                  "similarity",
                  "inventropy",
                  "evaluation",
                  "embedding",
                  "dialect",
                  "score",
                  "binary",
                  "json",
                  "metrics")));

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

  /** The arrows that the code draws, from room to room. */
  private static Map<String, Set<String>> drawn() {
    var arrows = new TreeMap<String, Set<String>>();
    for (JavaClass type : CODE) {
      String from = room(type);
      if (from.isEmpty()) {
        continue;
      }
      Set<String> to =
          type.getDirectDependenciesFromSelf().stream()
              .map(dependency -> dependency.getTargetClass().getBaseComponentType())
              .filter(target -> target.getPackageName().startsWith(HOUSE + "."))
              .map(ArchitectureTest::room)
              .filter(room -> !room.equals(from))
              .collect(Collectors.toSet());
      arrows.computeIfAbsent(from, room -> new TreeSet<>()).addAll(to);
    }
    return arrows;
  }

  private static String room(JavaClass type) {
    return type.getPackageName().equals(HOUSE)
        ? ""
        : type.getPackageName().substring(HOUSE.length() + 1);
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
  void capabilitiesKnowNoFramework() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            HOUSE, HOUSE + ".endpoint..", HOUSE + ".web..", HOUSE + ".metrics..")
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
}
