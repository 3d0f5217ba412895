/** How uncertain is the next token, and how uncertain was a whole sequence of them? */
@NullMarked
package io.tokentropy.entropy;

import org.jspecify.annotations.NullMarked;
