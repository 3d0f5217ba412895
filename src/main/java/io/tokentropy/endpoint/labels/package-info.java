/** What is told of labels, of which one is the answer? */
@NullMarked
package io.tokentropy.endpoint.labels;

import org.jspecify.annotations.NullMarked;
