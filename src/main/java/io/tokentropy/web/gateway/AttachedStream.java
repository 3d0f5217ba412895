package io.tokentropy.web.gateway;

import io.tokentropy.gateway.openai.AddedLogprobs.Seen;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Outline;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.UpstreamFailed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A stream with its score as one event more, before the last. Events go on as they come, the first
 * of them once it is seen that there are log-probabilities, so that there can be a problem instead.
 */
final class AttachedStream implements Passage {
  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";

  /** Bytes of one event: some hundred tokens with twenty alternatives each. */
  private static final int LONGEST = 256 << 10;

  /** What all events of an answer have in common. */
  private static final List<String> HEAD = List.of("id", "object", "created", "model");

  private final Attached attached;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream ready = new ByteArrayOutputStream();
  private String head = "";
  private boolean sure;
  private boolean over;

  AttachedStream(Attached attached) {
    this.attached = attached;
  }

  @Override
  public byte[] next(byte[] bytes) throws UpstreamFailed {
    attached.keep(bytes);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, start, i + 1 - start);
        start = i + 1;
        line();
      }
    }
    line.write(bytes, start, bytes.length - start);
    if (line.size() > LONGEST) {
      throw UpstreamFailed.unreadable("sent an event longer than " + LONGEST + " bytes", null);
    }
    return sure ? take() : new byte[0];
  }

  private byte[] take() {
    byte[] taken = ready.toByteArray();
    ready.reset();
    return taken;
  }

  @Override
  public byte[] end() {
    boolean open = line.size() > 0;
    line();
    if (!over) {
      ready.writeBytes((open ? "\n\n" : "").getBytes(StandardCharsets.UTF_8));
      score();
    }
    return take();
  }

  private void line() {
    byte[] bytes = line.toByteArray();
    line.reset();
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (!text.startsWith(DATA)) {
      ready.writeBytes(bytes);
      return;
    }
    if (text.substring(DATA.length()).strip().equals(DONE)) {
      if (!over) {
        score();
      }
      ready.writeBytes(bytes);
      return;
    }
    int from = DATA.length();
    while (bytes.length > from && bytes[from] == ' ') {
      from++;
    }
    byte[] data = Arrays.copyOfRange(bytes, from, bytes.length);
    ready.write(bytes, 0, from);
    ready.writeBytes(isEvent(data) ? attached.shown(data) : data);
  }

  /** Whether it is an event of OpenAI's, which is looked at then. */
  private boolean isEvent(byte[] data) {
    Fields event;
    Seen seen;
    try {
      event = Attached.read(data);
      seen = sure ? Seen.THEM : attached.seen(event);
    } catch (InvalidInput e) {
      return false;
    }
    over |= event.has("error");
    sure |= over || seen != Seen.NEITHER;
    if (head.isEmpty()) {
      head = head(data);
    }
    return true;
  }

  private static String head(byte[] data) {
    var head = new StringBuilder();
    List<Outline.Part> members = Outline.of(data, 0);
    for (String name : HEAD) {
      Outline.find(members, name)
          .ifPresent(
              part ->
                  head.append(
                          new String(
                              data, part.start(), part.to() - part.start(), StandardCharsets.UTF_8))
                      .append(','));
    }
    return head.toString();
  }

  /** The event that the client did not get from the server. */
  private void score() {
    over = true;
    ready.writeBytes((DATA + " {" + head + "\"choices\":[],").getBytes(StandardCharsets.UTF_8));
    ready.writeBytes(attached.member());
    ready.writeBytes("}\n\n".getBytes(StandardCharsets.UTF_8));
  }
}
