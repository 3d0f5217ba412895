/** Which rows of numbers stand in these bytes? */
@NullMarked
package io.tokentropy.binary;

import org.jspecify.annotations.NullMarked;
