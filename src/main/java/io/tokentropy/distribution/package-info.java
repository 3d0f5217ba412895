/** What did the caller send, is it a distribution, and how much of it is known? */
@NullMarked
package io.tokentropy.distribution;

import org.jspecify.annotations.NullMarked;
