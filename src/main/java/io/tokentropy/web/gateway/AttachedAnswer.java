package io.tokentropy.web.gateway;

import io.tokentropy.gateway.openai.AddedLogprobs.Seen;
import io.tokentropy.json.Edits;
import io.tokentropy.json.Fields;
import io.tokentropy.json.Outline;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.upstream.UpstreamFailed;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** A whole answer with its score as one member more, behind the others. */
final class AttachedAnswer implements Passage {
  private final Attached attached;

  AttachedAnswer(Attached attached) {
    this.attached = attached;
  }

  @Override
  public byte[] next(byte[] bytes) {
    attached.keep(bytes);
    return new byte[0];
  }

  @Override
  public byte[] end() throws UpstreamFailed {
    byte[] said = attached.said();
    Fields answer;
    Seen seen;
    try {
      answer = Attached.read(said);
      seen = attached.seen(answer);
    } catch (InvalidInput e) {
      throw UpstreamFailed.unreadable("gave an answer that is none of OpenAI's", e);
    }
    List<Outline.Part> members = Outline.of(said, 0);
    if (seen == Seen.ERROR || members.isEmpty()) {
      return said;
    }
    byte[] shown = attached.shown(said);
    int end = Outline.of(shown, 0).getLast().to();
    var member = new ByteArrayOutputStream();
    member.write(',');
    member.writeBytes(attached.member());
    return new Edits().replace(end, end, member.toByteArray()).of(shown);
  }
}
