package io.tokentropy.score;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tokentropy.refusal.InvalidInput;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A caller's pattern in RE2's syntax. It is matched in time proportional to the length of the text
 * times {@link #size}: no pattern makes it take longer.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>
 */
public final class SafePattern {
  /** A greater program is not made: repetitions inside repetitions multiply. */
  private static final int GREATEST = 65_536;

  /** Patterns are compiled and matched by recursion as deep as they are long. */
  private static final long STACK = 64L * 1024 * 1024;

  private final Pattern pattern;

  private SafePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Compiles a pattern; to be called {@link #deep}.
   *
   * @throws InvalidInput.ParameterOutOfRange if it is none of RE2's, or too large
   */
  public static SafePattern of(String pattern) {
    if (PatternSize.of(pattern) > GREATEST) {
      throw new InvalidInput.ParameterOutOfRange(
          "",
          "a pattern whose repetitions multiply to more than " + GREATEST + " steps",
          "fewer repetitions inside one another");
    }
    try {
      return new SafePattern(Pattern.compile(pattern));
    } catch (PatternSyntaxException e) {
      throw new InvalidInput.ParameterOutOfRange(
              "", String.valueOf(e.getMessage()), "a pattern in RE2's syntax")
          .withHint("RE2 has no look-around and no references to groups, so that it stays fast.");
    }
  }

  /** Steps of the program that is matched, at least 1. */
  public int size() {
    return pattern.programSize();
  }

  /** How many groups it has, the whole aside. */
  public int groups() {
    return pattern.groupCount();
  }

  /** A place in a text: units of the string. */
  record Place(int start, int end) {}

  /**
   * Where the n-th match stands, or a group of it.
   *
   * @param n from 1
   * @param group 0 for the whole match
   * @return empty if there is none, or the group is not in it
   */
  Optional<Place> find(String text, int n, int group) {
    Matcher matcher = pattern.matcher(text);
    for (int i = 0; i < n; i++) {
      if (!matcher.find()) {
        return Optional.empty();
      }
    }
    return matcher.start(group) < 0
        ? Optional.empty()
        : Optional.of(new Place(matcher.start(group), matcher.end(group)));
  }

  /** Does what takes a deep stack. */
  public static <T> T deep(Supplier<T> work) {
    var result = new CompletableFuture<T>();
    var thread = new Thread(null, () -> complete(result, work), "patterns", STACK);
    thread.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Supplier<T> work) {
    try {
      result.complete(work.get());
    } catch (RuntimeException | StackOverflowError e) {
      result.completeExceptionally(e);
    }
  }
}
