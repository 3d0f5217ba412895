/** Does one answer say the same as another, the opposite, or something else? */
@NullMarked
package io.tokentropy.entailment;

import org.jspecify.annotations.NullMarked;
