/** Which tokens, with which alternatives, does a server's response hold? */
@NullMarked
package io.tokentropy.dialect;

import org.jspecify.annotations.NullMarked;
