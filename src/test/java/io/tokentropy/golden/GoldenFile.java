package io.tokentropy.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of reference vectors, read from {@code src/test/resources/golden}. */
public final class GoldenFile {
  private final JsonNode cases;

  private GoldenFile(JsonNode cases) {
    this.cases = cases;
  }

  public static GoldenFile read(String name) {
    try (var in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
      return new GoldenFile(JsonMapper.shared().readTree(in.readAllBytes()).get("cases"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * One test for each case of a kind (or op, or operation).
   *
   * @throws IllegalArgumentException if the file has none
   */
  public Stream<DynamicTest> testsOf(String kind, Consumer<JsonNode> test) {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode each : cases) {
      if (kind.equals(each.path("kind").asString(""))
          || kind.equals(each.path("op").asString(""))
          || kind.equals(each.path("operation").asString(""))) {
        tests.add(DynamicTest.dynamicTest(each.get("name").asString(), () -> test.accept(each)));
      }
    }
    if (tests.isEmpty()) {
      throw new IllegalArgumentException("no case of kind " + kind);
    }
    return tests.stream();
  }

  /** Whether a case's input is to be refused. */
  public static boolean isRefusal(JsonNode c) {
    return c.get("expected").has("error");
  }

  /** Checks a number to a tolerance that is relative above 1. */
  public static void assertNumber(
      JsonNode found, JsonNode expected, double tolerance, String what) {
    assertThat(found.isNumber()).as(what + " is " + found).isTrue();
    double e = expected.asDouble();
    assertThat(found.asDouble())
        .as(what)
        .isCloseTo(e, within(tolerance * Math.max(1, Math.abs(e))));
  }

  /** A list of numbers; null stands for −∞. */
  public static double[] numbers(JsonNode list) {
    var numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i).isNull() ? Double.NEGATIVE_INFINITY : list.get(i).asDouble();
    }
    return numbers;
  }
}
