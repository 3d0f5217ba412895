package io.tokentropy.refusal;

import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Whether anybody still waits for a computation. What takes long asks between its steps, so that it
 * ends soon after its caller has gone. For most calls nobody is asked: they are done sooner.
 */
public final class Wanted {
  private static final ScopedValue<BooleanSupplier> ASKED = ScopedValue.newInstance();

  private Wanted() {}

  /** Nobody waits any more. */
  public static final class No extends RuntimeException {
    private static final long serialVersionUID = 1;

    public No() {
      super("nobody waits for this any more", null, false, false);
    }
  }

  /** Does some work that stops once {@code wanted} is false. */
  public static <T> T during(BooleanSupplier wanted, Supplier<T> work) {
    return ScopedValue.where(ASKED, wanted).call(work::get);
  }

  /** Whether this is work that may be stopped. */
  public static boolean isAsked() {
    return ASKED.isBound();
  }

  /**
   * Goes on only for as long as somebody waits.
   *
   * @throws No if nobody does
   */
  public static void orStop() {
    if (ASKED.isBound() && !ASKED.get().getAsBoolean()) {
      throw new No();
    }
  }

  /** The same work, to be done by other threads for this one. */
  public static <T> IntFunction<T> carried(IntFunction<T> part) {
    if (!ASKED.isBound()) {
      return part;
    }
    BooleanSupplier wanted = ASKED.get();
    return i ->
        during(
            wanted,
            () -> {
              orStop();
              return part.apply(i);
            });
  }
}
