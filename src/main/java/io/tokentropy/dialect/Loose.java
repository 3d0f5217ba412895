package io.tokentropy.dialect;

import io.tokentropy.json.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of a response, read loosely: what is absent, null, or no object has nothing in it. */
final class Loose {
  private Loose() {}

  /** The fields of an object; none of anything else. */
  static Map<String, Value> fields(@Nullable Value value) {
    return value instanceof Value.Obj(String pointer, Map<String, Value> fields)
        ? fields
        : Map.of();
  }

  /** A field that holds something. */
  static @Nullable Value child(@Nullable Value value, String name) {
    Value found = fields(value).get(name);
    return found == null || found.isNull() ? null : found;
  }

  /** The elements of a list; what is there and is no list is refused. */
  static List<Value> items(@Nullable Value value) {
    return value == null || value.isNull() ? List.of() : value.asList();
  }

  /** Which of several answers a chunk or choice belongs to. */
  static int index(Value choice) {
    Value index = child(choice, "index");
    return index == null ? 0 : index.asInt();
  }

  static boolean isText(@Nullable Value value) {
    return value instanceof Value.Text(String pointer, String text) && !text.isEmpty();
  }
}
