package io.tokentropy.web.call;

import io.tokentropy.json.Fields;
import io.tokentropy.refusal.InvalidInput;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a query string as fields. */
final class QueryString {
  private QueryString() {}

  /**
   * The fields of a query string.
   *
   * @throws InvalidInput.ConflictingInputs if one stands there twice
   * @throws InvalidInput.MalformedJson if it is not percent-encoded properly
   */
  static Fields fields(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return Fields.ofQuery(Map.of());
    }
    var parameters = new LinkedHashMap<String, String>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
      if (parameters.putIfAbsent(name, value) != null) {
        throw new InvalidInput.ConflictingInputs(
            "/" + name, name + " stands in the query string twice");
      }
    }
    return Fields.ofQuery(parameters);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidInput.MalformedJson("", "the query string is not percent-encoded properly");
    }
  }
}
