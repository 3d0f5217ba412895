package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The bill of materials is served, and the page of licences is made from it. */
class SbomTest extends ServiceTest {
  private JsonNode bill() {
    return get("/actuator/sbom/application").ok().json();
  }

  @Test
  void theBillIsServed() {
    assertThat(get("/actuator/sbom").ok().at("/ids/0").asString()).isEqualTo("application");
    assertThat(bill().at("/bomFormat").asString()).isEqualTo("CycloneDX");
    assertThat(bill().at("/metadata/component/name").asString()).isEqualTo("tokentropy");
    assertThat(bill().at("/components").size()).isGreaterThan(50);
  }

  @Test
  void everyLibraryHasAVersionADigestAndALicence() {
    for (JsonNode library : bill().at("/components")) {
      assertThat(library.path("version").asString()).as(library.toString()).isNotBlank();
      assertThat(library.path("hashes").size()).as(library.toString()).isPositive();
      assertThat(licences(library)).as(library.toString()).isNotEmpty().doesNotContain("");
    }
  }

  /** Licences of a library; whoever passes it on may choose. */
  private static List<String> licences(JsonNode library) {
    var names = new ArrayList<String>();
    for (JsonNode entry : library.path("licenses")) {
      JsonNode licence = entry.path("license");
      names.add(
          licence.has("id")
              ? licence.get("id").asString()
              : licence.path("name").asString(entry.path("expression").asString("")));
    }
    return names;
  }

  @Test
  void whatIsNotUnderTheApacheLicenceIsInTheNotice() throws IOException {
    String notice = Files.readString(Path.of("src/main/resources/META-INF/NOTICE"));
    for (JsonNode library : bill().at("/components")) {
      if (!licences(library).contains("Apache-2.0")) {
        assertThat(notice).contains(library.get("name").asString());
      }
    }
  }

  @Test
  void thePageOfLicencesIsMadeFromTheBill() throws IOException {
    var byLicence = new TreeMap<String, TreeSet<String>>();
    for (JsonNode library : bill().at("/components")) {
      byLicence
          .computeIfAbsent(String.join(" or ", licences(library)), name -> new TreeSet<>())
          .add(library.get("group").asString() + ":" + library.get("name").asString());
    }
    var page = new StringBuilder();
    page.append(
        "# Licences\n\nTokentropy is under [Apache-2.0](../../LICENSE); what others ask to ");
    page.append(
        "be said is in [NOTICE](../main/resources/META-INF/NOTICE). The libraries in its jar, as"
            + " its bill of\n");
    page.append("materials (`/actuator/sbom/application`) lists them:\n\n");
    page.append("| licence | libraries |\n|---|---|\n");
    byLicence.forEach(
        (licence, libraries) ->
            page.append("| ")
                .append(licence)
                .append(" | ")
                .append(String.join(", ", libraries))
                .append(" |\n"));
    page.append("\nThe playground draws lines with uPlot 1.6.32 (MIT), whose files are [as ");
    page.append("released](../main/resources/pages/playground/uPlot.licence.txt).\n");
    Files.writeString(Path.of("target/licences.md"), page);
    assertThat(Files.readString(Path.of("src/docs/licences.md")))
        .as("src/docs/licences.md; target/licences.md is what it should be")
        .isEqualTo(page.toString());
  }
}
