/** What does a call for entropies ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.entropy;

import org.jspecify.annotations.NullMarked;
