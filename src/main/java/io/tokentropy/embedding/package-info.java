/** Which vectors stand for these texts? */
@NullMarked
package io.tokentropy.embedding;

import org.jspecify.annotations.NullMarked;
