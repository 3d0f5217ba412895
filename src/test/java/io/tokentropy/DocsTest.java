package io.tokentropy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that people read hold together; {@code ReadmeTest} runs what they say. */
class DocsTest {
  private static Map<Path, Markdown> byFile() throws IOException {
    var pages = new TreeMap<Path, Markdown>();
    Markdown.pages().forEach(page -> pages.put(page.file(), page));
    return pages;
  }

  @Test
  void everyLinkLeadsToAFileAndToAHeadingOfIt() throws IOException {
    Map<Path, Markdown> pages = byFile();
    var broken = new TreeSet<String>();
    for (Markdown page : pages.values()) {
      for (Markdown.Link link : page.links()) {
        if (!link.isHere()) {
          continue;
        }
        String[] parts = link.target().split("#", 2);
        Path file =
            parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
        boolean leads =
            Files.isRegularFile(file)
                && (parts.length == 1
                    || (pages.containsKey(file) && pages.get(file).anchors().contains(parts[1])));
        if (!leads) {
          broken.add(page.file() + " links to " + link.target());
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPictureOfTheDocsIsShownAndSaysWhatItShows() throws IOException {
    var shown = new TreeSet<Path>();
    for (Markdown page : Markdown.pages()) {
      page.links().stream()
          .filter(Markdown.Link::picture)
          .forEach(link -> shown.add(page.file().resolveSibling(link.target()).normalize()));
      assertThat(page.text()).as(page.file().toString()).doesNotContain("![](");
    }
    var drawn = new TreeSet<Path>();
    for (String folder : List.of("src/docs", "src/examples")) {
      try (var files = Files.walk(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".svg")).forEach(drawn::add);
      }
    }
    assertThat(drawn).hasSizeGreaterThan(6);
    assertThat(shown).isEqualTo(drawn);
  }

  /** A shell or Python block is run; what follows it is its output. All others say why not. */
  @Test
  void everyBlockIsRunOrSaysWhyNot() throws IOException {
    for (Markdown page : Markdown.pages()) {
      for (Markdown.Block block : page.blocks()) {
        boolean run =
            Set.of("sh", "python").contains(block.language())
                || (block.follows() && Set.of("json", "text").contains(block.language()));
        assertThat(run || !block.notRun().isBlank())
            .as(page.file() + " has a block that is not run, without a reason: " + block.text())
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "entropy",
        "samplers",
        "answers",
        "ead",
        "reading-inv-entropy",
        "ensembles",
        "conformal",
        "uncertainty"
      })
  void aPageOfAMethodSaysWhatFormulaWhenItMisleadsAndWhoDiffers(String name) throws IOException {
    Markdown page = byFile().get(Path.of("src/docs", name + ".md"));
    assertThat(page.text())
        .containsSubsequence(
            "## In short",
            "**What it is.**",
            "**Formula.**",
            "**When it misleads.**",
            "**Where implementations disagree.**",
            "picture");
    assertThat(page.links()).anyMatch(Markdown.Link::picture);
  }

  private static String first(String pattern, Path file) throws IOException {
    Matcher found = Pattern.compile(pattern, Pattern.MULTILINE).matcher(Files.readString(file));
    assertThat(found.find()).as(pattern + " in " + file).isTrue();
    return found.group(1);
  }

  @Test
  void theChartBearsTheVersionOfTheContract() throws IOException {
    assertThat(first("^appVersion: \"(.+)\"$", Path.of("helm/tokentropy/Chart.yaml")))
        .isEqualTo(first("^  version: (.+)$", Path.of("openapi/tokentropy.yaml")));
  }

  @Test
  void theFilesThatGitHubLooksForLeadToTheDocs() throws IOException {
    for (String name : List.of("CONTRIBUTING.md", "SECURITY.md")) {
      assertThat(Files.readString(Path.of(".github", name))).contains("(../src/docs/" + name + ")");
    }
  }
}
