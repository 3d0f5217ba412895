/** What does a call about an ensemble ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.ensemble;

import org.jspecify.annotations.NullMarked;
