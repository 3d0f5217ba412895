package io.tokentropy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classes that are named in files which no compiler reads exist under that name. */
class NamedClassesTest {
  private static final Pattern CLASS = Pattern.compile("io\\.tokentropy(\\.[a-z]+)*\\.[A-Z]\\w*");

  private static TreeSet<String> named(Path file) throws IOException {
    var names = new TreeSet<String>();
    Matcher matcher = CLASS.matcher(Files.readString(file));
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "src/main/resources/META-INF/spring.factories"})
  void exist(String file) throws IOException {
    assertThat(named(Path.of(file))).allSatisfy(NamedClassesTest::exists);
  }

  /** What {@code src/bench/run} runs, without the part that all names share. */
  @Test
  void benchmarksExist() throws IOException {
    List<String> classes =
        Pattern.compile("class=([a-z]+\\.[A-Z]\\w*)")
            .matcher(Files.readString(Path.of("src/bench/run")))
            .results()
            .map(match -> "io.tokentropy." + match.group(1))
            .toList();
    assertThat(classes).hasSize(5).allSatisfy(NamedClassesTest::exists);
  }

  @Test
  void springsListsNameWhatIsThere() throws IOException {
    try (Stream<Path> lists = Files.list(Path.of("src/main/resources/META-INF/spring"))) {
      for (Path list : lists.toList()) {
        for (String name : Files.readAllLines(list)) {
          exists(name);
        }
      }
    }
  }

  private static void exists(String name) {
    assertThatCode(() -> Class.forName(name, false, NamedClassesTest.class.getClassLoader()))
        .as(name)
        .doesNotThrowAnyException();
  }
}
