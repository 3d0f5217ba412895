package io.tokentropy.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Changes of a JSON text; every byte that none of them names stays. They must not overlap. */
public final class Edits {
  private final List<Edit> edits = new ArrayList<>();

  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  private record Edit(int from, int to, byte[] bytes) {}

  /** Puts another text in place of those bytes; of none, where both are the same. */
  public Edits replace(int from, int to, String text) {
    return replace(from, to, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same in bytes. */
  public Edits replace(int from, int to, byte[] bytes) {
    edits.add(new Edit(from, to, bytes));
    return this;
  }

  /** Takes one of an object's members out, with the comma that it leaves. */
  public Edits remove(List<Outline.Part> members, Outline.Part member) {
    int i = members.indexOf(member);
    if (i > 0) {
      return replace(members.get(i - 1).to(), member.to(), "");
    }
    int end = members.size() > 1 ? members.get(1).start() : member.to();
    return replace(member.start(), end, "");
  }

  /** The text with all of them. */
  public byte[] of(byte[] json) {
    if (edits.isEmpty()) {
      return json;
    }
    var changed = new ByteArrayOutputStream(json.length + 64);
    int at = 0;
    edits.sort(Comparator.comparingInt(Edit::from));
    for (Edit edit : edits) {
      changed.write(json, at, edit.from() - at);
      changed.writeBytes(edit.bytes());
      at = edit.to();
    }
    changed.write(json, at, json.length - at);
    return changed.toByteArray();
  }
}
