/** What does a call mean: which fields are read, what is computed from them, what is answered? */
@NullMarked
package io.tokentropy.endpoint;

import org.jspecify.annotations.NullMarked;
