/** Which rows does a request bring, in whatever form they come? */
@NullMarked
package io.tokentropy.endpoint.input;

import org.jspecify.annotations.NullMarked;
