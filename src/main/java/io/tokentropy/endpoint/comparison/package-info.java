/** What does a call that compares two distributions ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.comparison;

import org.jspecify.annotations.NullMarked;
