package io.tokentropy.web.gateway;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Edits;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Outline;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as a client of OpenAI sends it. Of its bytes only those are changed that must be, the
 * name of the model above all, so that the server gets what the client said and not what we made of
 * it.
 */
final class Asked {
  private static final String OURS = "tokentropy";

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
   * Makes sure that there is nothing in it that only we would understand, but for the word that
   * nothing is wanted of us.
   *
   * @throws InvalidInput.UnknownField if there is
   */
  void requireForeign() {
    Fields ours = options();
    if (ours != null && ours.has("mode")) {
      ours.done();
    } else if (ours != null) {
      throw new InvalidInput.UnknownField(
          ours.pointer(),
          "the request is passed on whole; \"tokentropy\" belongs to a pair that switches, or says"
              + " \"mode\": \"attach\"");
    }
  }

  /** Our options; null if there are none. */
  @Nullable Fields options() {
    Value ours = fields.get(OURS);
    return ours == null ? null : ours.asFields();
  }

  /** The model that is asked for. */
  String model() {
    return model;
  }

  /** The same request for another model, byte for byte but for its name and our options. */
  byte[] forModel(String other) {
    return forModel(other, Map.of());
  }

  /**
   * The same with some fields more.
   *
   * @param more by name, their values as JSON; they take the place of the client's
   */
  byte[] forModel(String other, Map<String, String> more) {
    List<Outline.Part> members = Outline.of(body, 0);
    var edits = new Edits();
    var missing = new StringBuilder();
    Outline.find(members, OURS).ifPresent(ours -> edits.remove(members, ours));
    var fields = new TreeMap<>(more);
    fields.put("model", quoted(other));
    fields.forEach(
        (name, value) ->
            Outline.find(members, name)
                .ifPresentOrElse(
                    member -> edits.replace(member.from(), member.to(), value),
                    () -> missing.append(",\"").append(name).append("\":").append(value)));
    int end = members.getLast().to();
    return edits.replace(end, end, missing.toString()).of(body);
  }

  private static String quoted(String text) {
    byte[] object = new Answer().put("m", text).toBytes();
    String json = new String(object, StandardCharsets.UTF_8);
    return json.substring(json.indexOf(':') + 1, json.length() - 1);
  }
}
