/** How much is taken on at once? */
@NullMarked
package io.tokentropy.web.admission;

import org.jspecify.annotations.NullMarked;
