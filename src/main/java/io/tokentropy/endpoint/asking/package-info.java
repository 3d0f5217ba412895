/** What does a call mean that asks a model and scores its answers, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.asking;

import org.jspecify.annotations.NullMarked;
