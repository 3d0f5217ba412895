/** What is told of sets of labels that hold the right one at a stated rate? */
@NullMarked
package io.tokentropy.endpoint.conformal;

import org.jspecify.annotations.NullMarked;
