/** How are sums over a whole vocabulary taken, fast and always with the same result? */
@NullMarked
package io.tokentropy.kernel;

import org.jspecify.annotations.NullMarked;
