/** How sure was a model of an answer that it gave? */
@NullMarked
package io.tokentropy.score;

import org.jspecify.annotations.NullMarked;
