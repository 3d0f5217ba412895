/** What is told of how good scores are? */
@NullMarked
package io.tokentropy.endpoint.evaluation;

import org.jspecify.annotations.NullMarked;
