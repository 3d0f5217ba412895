/** What does an engine ask at every step, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.step;

import org.jspecify.annotations.NullMarked;
