package io.tokentropy.dialect;

import static io.tokentropy.dialect.Samples.READER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Memory;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {
  private static List<Event> events(Framing framing, String text) {
    var events = new ArrayList<Event>();
    text.lines().forEach(line -> events.addAll(framing.line(line)));
    events.addAll(framing.end());
    return events;
  }

  /** The number of the line of each event, and its value. */
  private static String show(Event event) {
    Object what =
        switch (event.chunk()) {
          case Value.Obj(String at, Map<String, Value> fields) -> fields.keySet();
          case Value.Numbers numbers -> numbers.size();
          default -> event.chunk().found();
        };
    return event.line().number() + ":" + what;
  }

  /** In these texts, {@code /} stands for the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          JSON | {"a":1}/{"b":1}/              | 1:[a] 2:[b]
          JSON | {"a":1}//  /{"b":1}           | 1:[a] 4:[b]
          JSON | {"a":/1}/                     | 2:[a]
          JSON | [{"a":1},{"b":1},7]           | 1:[a] 1:[b] 1:7
          JSON | [/{"a":1},/{"b":1}/]/         | 4:[a] 4:[b]
          JSON | 7/[1,2]                       | 1:7 2:2
          JSON | {"a":1}/[DONE]/               | 1:[a]
          SSE  | data: {"a":1}//data:{"b":1}   | 1:[a] 3:[b]
          SSE  | data: {"a":1}/data: {"b":1}/  | 1:[a] 2:[b]
          SSE  | : ping/event: x/data: {"a":1} | 3:[a]
          SSE  | data: {/event: x/data: "a":1}/id: 7//data: {"b":1} | 5:[a] 6:[b]
          SSE  | data: {/data: "a":1}          | 2:[a]
          SSE  | data:/data: /data: {"a":1}/data: [DONE]/ | 3:[a]
          SSE  | {"a":1}/data: [{"b":1},{}]/   | 2:[b] 2:[]
          SSE  | [DONE]/                       | ''
          """)
  void linesMakeEvents(Framing.Kind kind, String text, String expected) {
    var framing = new Framing(kind, "/openai", READER, READER::memory);
    assertThat(
            events(framing, text.replace('/', '\n')).stream()
                .map(FramingTest::show)
                .collect(Collectors.joining(" ")))
        .isEqualTo(expected.replace("'", ""));
  }

  @Test
  void anEventIsThereWithItsLine() {
    var framing = new Framing(Framing.Kind.SSE, "", READER, READER::memory);
    assertThat(framing.line("data: {\"a\":1}")).hasSize(1);
    assertThat(framing.line("data: {")).isEmpty();
    assertThat(framing.line("data: }")).isEmpty();
    assertThat(framing.line("")).hasSize(1);
    assertThat(framing.end()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          JSON | {"a":1}/{"b":          | line 2 of the stream
          JSON | {"a":/2/               | line 1 of the stream
          SSE  | data: {"a":1}/data: {//data: {"b":1} | line 2 of the stream
          SSE  | data: {"a":1,"a":2}//  | twice
          SSE  | data: {"a":1e999}      | line 1 of the stream: /a: found
          """)
  void whatIsNoJsonIsRefusedWithItsFirstLine(Framing.Kind kind, String text, String expected) {
    var framing = new Framing(kind, "/openai", READER, READER::memory);
    assertThatThrownBy(() -> events(framing, text.replace('/', '\n')))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            refusal -> {
              assertThat(refusal.pointer()).isEqualTo("/openai");
              assertThat(refusal.detail()).contains(expected);
            });
  }

  /** The events of a text share what a request may take; those of a live stream come and go. */
  @Test
  void eventsTakeTheirMemoryTogetherOrEachItsOwn() {
    var reader = new Reader(new JsonLimits(32, 64, 64, 4096));
    String text = "{\"a\":1}\n".repeat(100);
    assertThat(events(new Framing(Framing.Kind.JSON, "", reader, reader::memory), text))
        .hasSize(100);
    Memory all = reader.memory();
    assertThatThrownBy(
            () -> events(new Framing(Framing.Kind.JSON, "/openai", reader, () -> all), text))
        .isInstanceOf(InvalidInput.LimitExceeded.class)
        .hasMessageContaining("max_decoded_bytes is 4096");
  }
}
