package io.tokentropy.endpoint;

import io.tokentropy.refusal.Wanted;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Spreads the independent parts of one large request over the cores. Each part is computed by one
 * thread from start to end, so the answer does not depend on how they were spread.
 */
public final class Workers implements AutoCloseable {
  /** Below this many basic operations a request is done sooner than it is handed around. */
  private static final long WORTHWHILE = 2_000_000;

  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private final ForkJoinPool pool = new ForkJoinPool(CORES);

  /** For calls that take long: the others' parts do not wait behind theirs. */
  private final ForkJoinPool dear = new ForkJoinPool(Math.max(1, CORES / 2));

  /**
   * The results of {@code part} for 0 to n − 1, in order. If several fail, the first of them
   * counts, whichever was computed first.
   *
   * @param operations about how many basic operations all parts take together
   */
  public <T> List<T> map(int n, long operations, IntFunction<T> part) {
    if (n < 2 || operations < WORTHWHILE) {
      return IntStream.range(0, n).mapToObj(part).toList();
    }
    IntFunction<T> wanted = Wanted.carried(part);
    List<Attempt<T>> attempts =
        (Wanted.isAsked() ? dear : pool)
            .submit(
                () ->
                    IntStream.range(0, n)
                        .parallel()
                        .mapToObj(i -> Attempt.of(() -> wanted.apply(i)))
                        .toList())
            .join();
    return attempts.stream().map(Attempt::get).toList();
  }

  /** Whoever needed them has been answered or cut off by now. */
  @Override
  public void close() {
    pool.shutdownNow();
    dear.shutdownNow();
  }
}
