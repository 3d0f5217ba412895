/** How much do sampled answers to one question differ, and how likely was each? */
@NullMarked
package io.tokentropy.answers;

import org.jspecify.annotations.NullMarked;
