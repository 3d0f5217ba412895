package io.tokentropy.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tokentropy.fuzz.Allocation;
import io.tokentropy.refusal.InvalidInput;
import org.junit.jupiter.api.Tag;

/** Any bytes as JSON: a value or a refusal, and both readers of one mind. */
@Tag("fuzz")
class JsonFuzzTest {
  private static final JsonLimits LIMITS = new JsonLimits(16, 64, 64, 1 << 20);
  private static final Reader READER = new Reader(LIMITS);

  @FuzzTest(maxDuration = "5m")
  void reader(byte[] body) {
    Value[] found = new Value[1];
    Allocation.within(
        body.length,
        () -> {
          try {
            found[0] = READER.readValue(body, body.length);
          } catch (InvalidInput e) {
            assertThat(e.detail()).isNotBlank();
          }
        });
    Value quick = Scanner.read(body, body.length, LIMITS);
    if (quick != null) {
      assertThat(describe(READER.readAny(body, body.length))).isEqualTo(describe(quick));
      finite(quick);
    }
  }

  /** A value with every number's bits. */
  private static String describe(Value value) {
    return switch (value) {
      case Value.Obj(String at, var fields) -> {
        var all = new StringBuilder(at).append('{');
        fields.forEach((name, field) -> all.append(name).append(':').append(describe(field)));
        yield all.append('}').toString();
      }
      case Value.Items items -> list(items.pointer(), items);
      case Value.Numbers numbers -> list(numbers.pointer(), numbers);
      case Value.Num num ->
          num.pointer() + '=' + Double.doubleToLongBits(num.number()) + ';' + num.integer();
      case Value.Text(String at, String text) -> at + '"' + text + '"';
      case Value.Bool bool -> bool.toString();
      case Value.Null nothing -> nothing.toString();
      case Value.Query query -> query.toString();
      case Value.Block block -> block.toString();
    };
  }

  private static String list(String at, Value list) {
    var all = new StringBuilder(at).append('[');
    list.asList().forEach(item -> all.append(describe(item)).append(','));
    return all.append(']').toString();
  }

  private static void finite(Value value) {
    switch (value) {
      case Value.Obj(String at, var fields) -> fields.values().forEach(JsonFuzzTest::finite);
      case Value.Num num -> assertThat(num.number()).isNotNaN().isNotEqualTo(1 / 0.0);
      case Value.Items items -> items.items().forEach(JsonFuzzTest::finite);
      case Value.Numbers numbers -> numbers.asElements().forEach(JsonFuzzTest::finite);
      default -> assertThat(value.found()).isNotBlank();
    }
  }
}
