/** What is told of a response that a model gave? */
@NullMarked
package io.tokentropy.endpoint.score;

import org.jspecify.annotations.NullMarked;
