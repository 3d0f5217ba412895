package io.tokentropy.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reference vectors, each file with its own format text. */
final class Golden {
  private Golden() {}

  /** The cases of a file whose {@code op}, {@code kind} or {@code operation} is one of these. */
  static List<JsonNode> cases(String file, String... operations) {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
      List<JsonNode> cases =
          StreamSupport.stream(JsonMapper.shared().readTree(in).get("cases").spliterator(), false)
              .filter(c -> List.of(operations).contains(operation(c)))
              .toList();
      assertThat(cases).as(file).isNotEmpty();
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String operation(JsonNode c) {
    for (String name : List.of("op", "kind", "operation")) {
      if (c.has(name)) {
        return c.get(name).asString();
      }
    }
    return "";
  }

  static boolean isRefusal(JsonNode c) {
    return c.get("expected").has("error");
  }

  /** Checks a number to the case's tolerance, relative above 1. */
  static void assertNumber(JsonNode found, JsonNode expected, double tolerance, String what) {
    assertThat(found.isNumber()).as(what + " is " + found).isTrue();
    double e = expected.asDouble();
    assertThat(found.asDouble())
        .as(what)
        .isCloseTo(e, within(tolerance * Math.max(1, Math.abs(e))));
  }
}
