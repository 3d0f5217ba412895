/** What is asked of a model to score one question, what may that cost, and what came of it? */
@NullMarked
package io.tokentropy.asking;

import org.jspecify.annotations.NullMarked;
