/** How alike are these texts, by their vectors or by what the caller says? */
@NullMarked
package io.tokentropy.similarity;

import org.jspecify.annotations.NullMarked;
