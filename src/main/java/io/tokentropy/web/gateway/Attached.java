package io.tokentropy.web.gateway;

import io.tokentropy.gateway.openai.AddedLogprobs;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.web.call.Scoring;
import io.tokentropy.web.problem.Problem;
import io.tokentropy.web.problem.ProblemKind;
import io.tokentropy.web.problem.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a server has said of an answer so far, and the score of it. */
final class Attached {
  private final Attach attach;
  private final boolean events;
  private final Scoring scoring;
  private final Account account;
  private final long deadline;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private @Nullable Problem unkept;

  /**
   * An answer to be.
   *
   * @param events whether it is a stream
   * @param deadline for a core, on the clock of {@link System#nanoTime}
   */
  Attached(Attach attach, boolean events, Scoring scoring, Account account, long deadline) {
    this.attach = attach;
    this.events = events;
    this.scoring = scoring;
    this.account = account;
    this.deadline = deadline;
  }

  /**
   * Keeps bytes for the score. Where there is no room for them, a stream goes on without one.
   *
   * @throws RuntimeException of a whole answer: the ledger's refusal
   */
  void keep(byte[] bytes) {
    if (unkept != null) {
      return;
    }
    try {
      account.take(Book.BODIES, bytes.length);
      said.writeBytes(bytes);
    } catch (Refused e) {
      giveUp(e, e.problem());
    } catch (InvalidInput e) {
      giveUp(e, Problem.of(e));
    }
  }

  private void giveUp(RuntimeException why, Problem problem) {
    if (!events) {
      throw why;
    }
    account.giveBack(Book.BODIES, said.size());
    said.reset();
    unkept = problem;
  }

  byte[] said() {
    return said.toByteArray();
  }

  /**
   * An answer, or one event of it.
   *
   * @throws InvalidInput if it is no JSON object
   */
  static Fields read(byte[] json) {
    long memory = 64L * json.length + (1 << 20);
    return new Reader(new JsonLimits(64, 512, 4096, memory)).read(json, json.length);
  }

  /**
   * What there is in it.
   *
   * @throws Refused if that is a text without log-probabilities
   */
  AddedLogprobs.Seen seen(Fields answer) {
    AddedLogprobs.Seen seen = AddedLogprobs.seen(answer);
    if (seen == AddedLogprobs.Seen.TEXT_ALONE) {
      throw new Refused(ProblemKind.NO_LOGPROBS, attach.without());
    }
    return seen;
  }

  byte[] shown(byte[] json) {
    return attach.logprobs().shown(json);
  }

  /** The member {@code "tokentropy":{...}}: the score, or why there is none. */
  byte[] member() {
    var member = new ByteArrayOutputStream();
    try {
      if (unkept == null) {
        byte[] score =
            scoring.score(
                said(), events, attach.options(), attach.config().vocabSize(), account, deadline);
        write(member, "score", score);
      } else {
        write(member, "error", unkept.toAnswer().toBytes());
      }
    } catch (InvalidInput e) {
      write(member, "error", Problem.of(e).toAnswer().toBytes());
    } catch (Refused e) {
      write(member, "error", e.problem().toAnswer().toBytes());
    }
    return member.toByteArray();
  }

  private static void write(ByteArrayOutputStream member, String name, byte[] value) {
    member.writeBytes(("\"tokentropy\":{\"" + name + "\":").getBytes(StandardCharsets.UTF_8));
    member.writeBytes(value);
    member.write('}');
  }
}
