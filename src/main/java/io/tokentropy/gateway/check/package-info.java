/** What can the servers of a pair do, as it is seen and not as it is said? */
@NullMarked
package io.tokentropy.gateway.check;

import org.jspecify.annotations.NullMarked;
