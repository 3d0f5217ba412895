package io.tokentropy.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonLeavesTest {
  private static final String FENCE = "```";

  private static String leaves(String text) {
    JsonLeaves.Found found = JsonLeaves.in(text);
    if (found == null) {
      return "none";
    }
    String leaves =
        found.spans().stream()
            .map(span -> span.name() + "=" + text.substring(span.start(), span.end()))
            .collect(Collectors.joining(" "));
    return leaves + (found.whole() ? "" : " ...");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"a":"x","b":12.5e3,"c":[true,null,{"d":false}]} | /a=x /b=12.5e3 /c/0=true /c/1=null /c/2/d=false
          { "a" : "" , "b" : [] , "c" : {} }               | /a=""
          {"a/b":1,"c~d":2,"\\u0065\\n":3}                 | /a~1b=1 /c~0d=2 /e?=3
          {"a":"say \\"hi\\" \\\\"}                        | /a=say \\"hi\\" \\\\
          Sure: {"a":1}. Done!                             | /a=1
          [see {1}] and {"a":[1]} and [2]                  | /a/0=1
          {"a":1,"b":"x                                    | /a=1 ...
          {"a":1,"b":12                                    | /a=1 ...
          {"a":1,"b":tru                                   | /a=1 ...
          {"a":1,"b":-                                     | /a=1 ...
          {"a":1,                                          | /a=1 ...
          {"a":1,"b" 2}                                    | /a=1 ...
          {"a":01}                                         | none
          {'a':1}                                          | none
          {                                                | = ...
          42                                               | =42
          "yes"                                            | =yes
          no JSON                                          | none
          """)
  void everyWholeLeafIsFound(String text, String expected) {
    String found = leaves(text).replace('\n', '?').strip();
    assertThat(found).isEqualTo(expected.equals("= ...") ? "..." : expected);
  }

  @Test
  void aFenceIsTextAround() {
    assertThat(leaves("Here:\n" + FENCE + "json\n{\n  \"a\": 1\n}\n" + FENCE + "\n"))
        .isEqualTo("/a=1");
  }

  @Test
  void theLongestOfSeveralCountsAndTheyAreCounted() {
    assertThat(JsonLeaves.in("{\"a\":1} {\"b\":22} [3]").values()).isEqualTo(3);
    assertThat(leaves("{\"a\":1} {\"b\":22} [3]")).isEqualTo("/b=22");
  }

  @Test
  void deepNestingEndsTheSearchOfThatValue() {
    assertThat(leaves("[".repeat(64) + "1" + "]".repeat(64))).endsWith("/0=1");
    assertThat(leaves("{\"a\":1,\"b\":" + "[".repeat(100_000))).isEqualTo("/a=1 ...");
  }

  @Test
  void aHostileTextIsGivenUpInTime() {
    assertThat(JsonLeaves.in("[\"".repeat(200_000)).whole()).isFalse();
    assertThat(JsonLeaves.in("{\"a\":".repeat(200_000))).isNull();
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void namesArePointersAsTheJsonLibraryReadsThem(long seed) {
    JsonMapper json = JsonMapper.shared();
    JsonNode node = node(new Random(seed), json, 3);
    String text = "Text before " + json.writeValueAsString(node) + " and after";
    JsonLeaves.Found found = JsonLeaves.in(text);
    for (Span span : found.spans()) {
      String part = text.substring(span.start(), span.end());
      JsonNode leaf = node.at(span.name());
      boolean quoted = leaf.isString() && !leaf.asString().isEmpty();
      assertThat(json.readTree(quoted ? "\"" + part + "\"" : part)).isEqualTo(leaf);
    }
    assertThat(found.spans()).hasSize(count(node));
  }

  private static JsonNode node(Random random, JsonMapper json, int depth) {
    var object = json.createObjectNode();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      String name = "n" + i + "/~\"\u00e9\ud83d\ude00".substring(random.nextInt(7));
      switch (random.nextInt(depth > 0 ? 6 : 4)) {
        case 0 -> object.put(name, random.nextInt() / 1000.0);
        case 1 -> object.put(name, "{[\"\\ \n\u00e9\ud83d\ude00".substring(random.nextInt(9)));
        case 2 -> object.put(name, random.nextBoolean());
        case 3 -> object.putNull(name);
        case 4 -> object.set(name, node(random, json, depth - 1));
        default -> object.putArray(name).add(1).add(node(random, json, depth - 1)).add("x");
      }
    }
    return object;
  }

  private static int count(JsonNode node) {
    int count = node.isValueNode() ? 1 : 0;
    for (JsonNode child : node) {
      count += count(child);
    }
    return count;
  }
}
