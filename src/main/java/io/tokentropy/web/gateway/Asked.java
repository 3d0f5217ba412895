package io.tokentropy.web.gateway;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A request as a client of OpenAI sends it. Of its bytes only the name of the model is replaced, so
 * that the server gets what the client said and not what we made of it.
 */
final class Asked {
  private final byte[] body;
  private final Fields fields;
  private final String model;

  private Asked(byte[] body, Fields fields, String model) {
    this.body = body;
    this.fields = fields;
    this.model = model;
  }

  /**
   * Reads a request.
   *
   * @param body owned by the result
   * @throws InvalidInput if it is no JSON object, or names no model
   */
  static Asked of(byte[] body) {
    long memory = 16L * body.length + (1 << 20);
    Fields fields = new Reader(new JsonLimits(64, 512, 1024, memory)).read(body, body.length);
    return new Asked(body, fields, fields.require("model").asText());
  }

  /** What the client said; {@code model} was asked for. */
  Fields fields() {
    return fields;
  }

  /**
   * Makes sure that there is nothing in it that only we would understand.
   *
   * @throws InvalidInput.UnknownField if there is
   */
  void requireForeign() {
    Value ours = fields.get("tokentropy");
    if (ours != null) {
      throw new InvalidInput.UnknownField(
          ours.pointer(), "there is no field \"tokentropy\" here: the request is passed on whole");
    }
  }

  /** The model that is asked for. */
  String model() {
    return model;
  }

  /** The same request for another model, byte for byte but for its name. */
  byte[] forModel(String other) {
    int[] place = place();
    byte[] name = quoted(other);
    var changed = new ByteArrayOutputStream(body.length + name.length);
    changed.write(body, 0, place[0]);
    changed.writeBytes(name);
    changed.write(body, place[1], body.length - place[1]);
    return changed.toByteArray();
  }

  private static byte[] quoted(String text) {
    byte[] object = new Answer().put("m", text).toBytes();
    String json = new String(object, StandardCharsets.UTF_8);
    return json.substring(json.indexOf(':') + 1, json.length() - 1)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Where the model's name begins and ends, quotes included. The body is known to be JSON. */
  private int[] place() {
    int depth = 0;
    boolean name = false;
    for (int i = 0; i < body.length; i++) {
      switch (body[i]) {
        case '{', '[' -> {
          depth++;
          name = depth == 1;
        }
        case '}', ']' -> depth--;
        case ',' -> name = depth == 1;
        case '"' -> {
          int end = end(i);
          if (name && isModel(i, end)) {
            int from = value(end);
            return new int[] {from, end(from)};
          }
          name = false;
          i = end - 1;
        }
        default -> {}
      }
    }
    throw new IllegalStateException("the model has a name, and no place");
  }

  /** Behind the string that begins there. */
  private int end(int from) {
    int i = from + 1;
    while (body[i] != '"') {
      i += body[i] == '\\' ? 2 : 1;
    }
    return i + 1;
  }

  /** Whether a name of a field is {@code model}; escapes may spell it, too. */
  private boolean isModel(int from, int end) {
    byte[] name =
        ("[" + new String(body, from, end - from, StandardCharsets.UTF_8) + "]")
            .getBytes(StandardCharsets.UTF_8);
    Reader reader = new Reader(new JsonLimits(4, 64, 1024));
    return reader.readValue(name, name.length).asList().getFirst().asText().equals("model");
  }

  /** The first byte of the value behind a name. */
  private int value(int behind) {
    int i = behind;
    while (body[i] != '"') {
      i++;
    }
    return i;
  }
}
