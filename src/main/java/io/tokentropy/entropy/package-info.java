/** How uncertain is the next token? */
@NullMarked
package io.tokentropy.entropy;

import org.jspecify.annotations.NullMarked;
