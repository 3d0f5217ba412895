/** Why can a request not be answered, where is that, and what was expected? */
@NullMarked
package io.tokentropy.refusal;

import org.jspecify.annotations.NullMarked;
