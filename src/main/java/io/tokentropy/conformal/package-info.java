/** Which labels can it be, at a stated rate of error? */
@NullMarked
package io.tokentropy.conformal;

import org.jspecify.annotations.NullMarked;
