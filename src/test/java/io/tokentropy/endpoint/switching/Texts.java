package io.tokentropy.endpoint.switching;

import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.switching.EadConfig;
import java.nio.charset.StandardCharsets;

/** JSON texts as values, as a request brings them. */
final class Texts {
  private static final Reader READER = new Reader(new JsonLimits(8, 64, 64));

  private Texts() {}

  static Value value(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return READER.readValue(bytes, bytes.length);
  }

  static EadConfig config(String json) {
    return EadConfigForm.read(value(json).asFields());
  }
}
