/** What does a call about sampled answers ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.uncertainty;

import org.jspecify.annotations.NullMarked;
