package io.tokentropy.kernel;

import java.lang.System.Logger.Level;

/**
 * Chooses the kernel once. {@link SimdKernel} is not touched where its module is absent, so such a
 * start works.
 */
final class Best {
  static final Kernel KERNEL = choose();

  private Best() {}

  private static Kernel choose() {
    var log = System.getLogger(Kernel.class.getName());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      log.log(
          Level.WARNING,
          "Scalar kernel: start with --add-modules jdk.incubator.vector to use SIMD");
      return ScalarKernel.INSTANCE;
    }
    Kernel kernel = SimdKernel.INSTANCE;
    log.log(Level.INFO, "Vector kernel: {0} bit", kernel.bits());
    return kernel;
  }
}
