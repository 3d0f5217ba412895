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

  /** The first of several fields that holds something. */
  static @Nullable Value first(@Nullable Value value, List<String> names) {
    for (String name : names) {
      Value found = child(value, name);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** A field further down. */
  static @Nullable Value down(@Nullable Value value, String... names) {
    Value found = value;
    for (String name : names) {
      found = child(found, name);
    }
    return found;
  }

  /** The elements of a list; what is there and is no list is refused. */
  static List<Value> items(@Nullable Value value) {
    return value == null || value.isNull() ? List.of() : value.asList();
  }

  /** The elements of what is a list; none of anything else. */
  static List<Value> list(@Nullable Value value) {
    return value != null && value.isList() ? value.asList() : List.of();
  }

  /**
   * Which of several answers a chunk or choice belongs to.
   *
   * @param position where it stands among those that came with it
   */
  static int index(Value choice, int position) {
    Value index = child(choice, "index");
    return index == null ? position : index.asInt();
  }

  static boolean isTrue(@Nullable Value value) {
    return value instanceof Value.Bool(String pointer, boolean flag) && flag;
  }

  /** A text; empty where there is none. */
  static String text(@Nullable Value value) {
    return value instanceof Value.Text(String pointer, String text) ? text : "";
  }

  /** A count; −1 where there is none. */
  static long count(@Nullable Value value) {
    return value instanceof Value.Num(String at, double number, Long integer) && integer != null
        ? integer
        : -1;
  }

  static boolean isBlank(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  static boolean isText(@Nullable Value value) {
    return value instanceof Value.Text(String pointer, String text) && !text.isEmpty();
  }
}
