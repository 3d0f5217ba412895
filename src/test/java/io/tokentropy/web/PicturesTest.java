package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import pictures.Pictures;

/** The pictures of the docs are what the examples draw of the service's answers. */
class PicturesTest extends ServiceTest {
  private static final Pattern COORDINATE = Pattern.compile("-?[0-9]+\\.[0-9]\\b");

  private static List<Double> coordinates(String svg) {
    return COORDINATE.matcher(svg).results().map(MatchResult::group).map(Double::valueOf).toList();
  }

  /** To a tenth of a point, as another vector width may round otherwise. */
  @Test
  void thePicturesAreThoseOfTheAnswers() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "pictures"));
    Pictures.draw(uri("/"), folder);
    try (var drawn = Files.list(folder)) {
      for (Path picture : (Iterable<Path>) drawn::iterator) {
        String found = Files.readString(picture);
        String shown = Files.readString(Path.of("src/docs").resolve(picture.getFileName()));
        String which = picture + " is what src/docs should have; src/build/pictures puts it there";
        assertThat(COORDINATE.matcher(found).replaceAll("x"))
            .as(which)
            .isEqualTo(COORDINATE.matcher(shown).replaceAll("x"));
        List<Double> expected = coordinates(shown);
        List<Double> coordinates = coordinates(found);
        for (int i = 0; i < expected.size(); i++) {
          assertThat(coordinates.get(i)).as(which).isCloseTo(expected.get(i), within(0.11));
        }
      }
    }
  }
}
