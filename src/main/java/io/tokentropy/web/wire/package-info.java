/** Who may wait at a connection, and for how long? */
@NullMarked
package io.tokentropy.web.wire;

import org.jspecify.annotations.NullMarked;
