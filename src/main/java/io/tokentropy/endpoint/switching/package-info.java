/** What does a call for model switching ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.switching;

import org.jspecify.annotations.NullMarked;
