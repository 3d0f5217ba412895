/** How much may be said of what others do? */
@NullMarked
package io.tokentropy.logs;

import org.jspecify.annotations.NullMarked;
