package io.tokentropy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house: which room may call which. */
class ArchitectureTest {
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("kernel", Set.of()),
          Map.entry("distribution", Set.of("kernel")),
          Map.entry("entropy", Set.of("kernel", "distribution")),
          Map.entry("truncation", Set.of("kernel", "distribution", "entropy")),
          Map.entry("switching", Set.of("distribution", "entropy")),
          Map.entry("uncertainty", Set.of("kernel", "distribution")),
          Map.entry("embedding", Set.of("distribution", "json")),
          Map.entry("dialect", Set.of("distribution", "json")),
          Map.entry("score", Set.of("distribution", "dialect")),
          Map.entry("binary", Set.of("kernel", "distribution")),
          Map.entry("json", Set.of("binary", "distribution")),
          Map.entry("metrics", Set.of("kernel", "distribution", "entropy")),
          Map.entry(
              "web",
              Set.of(
                  "kernel",
                  "distribution",
                  "entropy",
                  "switching",
                  "truncation",
                  "uncertainty",
                  "embedding",
                  "dialect",
                  "score",
                  "binary",
                  "json",
                  "metrics")));

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.tokentropy");

  static Stream<String> rooms() {
    return MAY_IMPORT.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void importsOnlyWhatTheTableAllows(String room) {
    String[] forbidden =
        rooms()
            .filter(other -> !other.equals(room) && !MAY_IMPORT.get(room).contains(other))
            .map(other -> "io.tokentropy." + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("io.tokentropy." + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden)
        .allowEmptyShould(forbidden.length == 0)
        .check(CODE);
  }

  @Test
  void everyPackageIsInTheTable() {
    Set<String> rooms =
        CODE.stream()
            .map(type -> type.getPackageName())
            .filter(name -> !name.equals("io.tokentropy"))
            .map(name -> name.substring("io.tokentropy.".length()))
            .collect(Collectors.toSet());
    assertThat(rooms).isEqualTo(MAY_IMPORT.keySet());
  }

  @Test
  void thereAreNoCycles() {
    slices().matching("io.tokentropy.(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void onlyTheKernelKnowsTheVectorModule() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tokentropy.kernel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator.vector..")
        .check(CODE);
  }

  @Test
  void capabilitiesKnowNoFramework() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.tokentropy", "io.tokentropy.web..", "io.tokentropy.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "io.micrometer..", "jakarta..")
        .check(CODE);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.tokentropy.web..", "io.tokentropy.json..")
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
