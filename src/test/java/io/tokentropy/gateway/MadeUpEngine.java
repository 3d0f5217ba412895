package io.tokentropy.gateway;

import io.tokentropy.distribution.PartialDistribution;
import io.tokentropy.distribution.SplitMix64;
import io.tokentropy.gateway.engine.Deadline;
import io.tokentropy.gateway.engine.Engine;
import io.tokentropy.gateway.engine.EngineFailed;
import io.tokentropy.gateway.engine.EngineFailed.Fault;
import io.tokentropy.gateway.engine.Prompt;
import io.tokentropy.gateway.engine.Step;
import io.tokentropy.gateway.engine.Stint;
import io.tokentropy.gateway.engine.StintRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A server in this process whose model is made up: the row of a position follows from a seed, the
 * position and the last two ids, so that it can be asked anew at every position. Id 0 ends the
 * text.
 */
public final class MadeUpEngine implements Engine {
  static final int END = 0;

  /** What goes wrong with a call. */
  public record Trouble(Fault fault, int afterTokens) {
    EngineFailed failure() {
      return new EngineFailed(fault, "failed as it was told to");
    }
  }

  /** Says what goes wrong with the n-th call, counted from 0; null for nothing. */
  public interface Script {
    @Nullable Trouble at(int call);
  }

  private final long seed;
  private final byte[][] texts;
  private final boolean splits;
  private final List<StintRequest> requests = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger renders = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  public volatile Script script = call -> null;
  public volatile Script rendering = call -> null;

  private MadeUpEngine(long seed, byte[][] texts, boolean splits) {
    this.seed = seed;
    this.texts = texts;
    this.splits = splits;
  }

  /** Each token is a letter and a number. */
  public static MadeUpEngine ofWords(long seed, int vocabSize) {
    return new MadeUpEngine(
        seed,
        IntStream.range(0, vocabSize)
            .mapToObj(id -> id == END ? "" : (char) ('a' + id % 26) + "" + id / 26)
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new),
        false);
  }

  /**
   * Some tokens are parts of a character: they are sent without text until it is complete, as vLLM
   * does.
   */
  public static MadeUpEngine ofParts(long seed, int vocabSize) {
    byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
    return new MadeUpEngine(
        seed,
        IntStream.range(0, vocabSize)
            .mapToObj(
                id ->
                    id == END
                        ? new byte[0]
                        : id % 4 == 0
                            ? new byte[] {euro[id / 4 % 3]}
                            : ("w" + id).getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new),
        true);
  }

  public List<StintRequest> requests() {
    return List.copyOf(requests);
  }

  /** The whole row behind some ids. */
  double[] row(int[] ids) {
    long at = seed + 7919L * ids.length;
    for (int i = Math.max(0, ids.length - 2); i < ids.length; i++) {
      at = at * 1_000_003 + ids[i] + 1;
    }
    var draws = new SplitMix64(at);
    double sharpness = 4 + 60 * draws.next();
    double[] row = new double[texts.length];
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      row[i] = Math.exp(sharpness * draws.next() - (i == END ? 2 : 0));
      sum += row[i];
    }
    for (int i = 0; i < row.length; i++) {
      row[i] /= sum;
    }
    return row;
  }

  private PartialDistribution best(double[] row) {
    return PartialDistribution.of(
        IntStream.range(0, row.length)
            .mapToObj(id -> new PartialDistribution.Entry(Math.log(row[id]), id, text(id)))
            .sorted(Comparator.comparingDouble(entry -> -entry.lnProb()))
            .limit(BEST)
            .toList(),
        OptionalDouble.empty(),
        false,
        OptionalInt.of(row.length));
  }

  private String text(int id) {
    return new String(texts[id], StandardCharsets.UTF_8);
  }

  byte[] bytes(int id) {
    return texts[id];
  }

  /** The most probable id, or one drawn by a seed. */
  private static int token(double[] row, StintRequest request, int position) {
    if (request.sampling().temperature().orElse(1) == 0) {
      return IntStream.range(0, row.length)
          .reduce(0, (best, id) -> row[id] > row[best] ? id : best);
    }
    double u = SplitMix64.at(request.seed().orElse(0), position);
    for (int id = 0; id < row.length; id++) {
      u -= row[id];
      if (u < 0) {
        return id;
      }
    }
    return row.length - 1;
  }

  @Override
  public int[] render(Prompt prompt, Deadline deadline) throws EngineFailed {
    Trouble trouble = rendering.at(renders.getAndIncrement());
    if (trouble != null) {
      throw trouble.failure();
    }
    return ids(((Prompt.Text) prompt).text());
  }

  int[] ids(String text) {
    return text.chars().map(c -> 1 + c % (texts.length - 1)).toArray();
  }

  @Override
  public int vocabSize() {
    return texts.length;
  }

  @Override
  public Stint open(StintRequest request, Deadline deadline) throws EngineFailed {
    Trouble trouble;
    synchronized (requests) {
      trouble = script.at(requests.size());
      requests.add(request);
    }
    if (trouble != null && trouble.fault() == Fault.DENIED) {
      throw trouble.failure();
    }
    open.incrementAndGet();
    return new MadeUpStint(request, trouble);
  }

  private final class MadeUpStint implements Stint {
    private final StintRequest request;
    private final @Nullable Trouble trouble;
    private int[] ids;
    private int written;
    private @Nullable Finish finish;
    private boolean closed;
    private byte[] character = new byte[0];

    MadeUpStint(StintRequest request, @Nullable Trouble trouble) {
      this.request = request;
      this.trouble = trouble;
      this.ids = request.ids();
    }

    @Override
    public @Nullable Step next() throws EngineFailed {
      if (closed) {
        throw new EngineFailed(Fault.CLOSED, "was closed");
      }
      if (trouble != null && written >= trouble.afterTokens()) {
        throw trouble.failure();
      }
      if (request.maxTokens().isPresent() && written >= request.maxTokens().getAsInt()) {
        finish = Finish.LENGTH;
        return null;
      }
      double[] row = row(ids);
      int id = token(row, request, ids.length);
      written++;
      if (id == END) {
        finish = Finish.STOP;
        return null;
      }
      ids = Arrays.copyOf(ids, ids.length + 1);
      ids[ids.length - 1] = id;
      byte[] bytes = texts[id];
      boolean boundary = true;
      if (splits) {
        character = joined(character, bytes);
        boundary = isWhole(character);
        bytes = boundary ? character : new byte[0];
        character = boundary ? new byte[0] : character;
      }
      return new Step(
          List.of(id),
          bytes,
          boundary,
          false,
          text(id),
          OptionalDouble.of(Math.log(row[id])),
          best(row));
    }

    @Override
    public Finish finish() {
      if (finish == null) {
        throw new IllegalStateException("it has not ended");
      }
      return finish;
    }

    @Override
    public Usage usage() {
      return new Usage(request.ids().length, 0, written);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Whether more bytes could not make another character of the last ones. */
  private static boolean isWhole(byte[] bytes) {
    int from = bytes.length - 1;
    while (from > 0 && (bytes[from] & 0xc0) == 0x80) {
      from--;
    }
    return from < 0 || (bytes[from] & 0xf0) != 0xe0 || bytes.length - from >= 3;
  }
}
