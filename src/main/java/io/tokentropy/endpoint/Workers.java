package io.tokentropy.endpoint;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Spreads the independent parts of one large request over the cores. Each part is computed by one
 * thread from start to end, so the answer does not depend on how they were spread.
 */
@Component
public class Workers implements DisposableBean {
  /** Below this many basic operations a request is done sooner than it is handed around. */
  private static final long WORTHWHILE = 2_000_000;

  private final ForkJoinPool pool = new ForkJoinPool(Runtime.getRuntime().availableProcessors());

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
    List<Outcome<T>> outcomes =
        pool.submit(
                () -> IntStream.range(0, n).parallel().mapToObj(i -> Outcome.of(part, i)).toList())
            .join();
    return outcomes.stream().map(Outcome::get).toList();
  }

  /** What a part came to: a result or a failure. */
  private record Outcome<T>(@Nullable T result, @Nullable RuntimeException failure) {
    static <T> Outcome<T> of(IntFunction<T> part, int i) {
      try {
        return new Outcome<>(part.apply(i), null);
      } catch (RuntimeException e) {
        return new Outcome<>(null, e);
      }
    }

    T get() {
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result);
    }
  }

  @Override
  public void destroy() {
    pool.close();
  }
}
