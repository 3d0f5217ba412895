/** How good is a score? */
@NullMarked
package io.tokentropy.evaluation;

import org.jspecify.annotations.NullMarked;
