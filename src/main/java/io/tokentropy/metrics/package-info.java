/** What did this instance answer, how often, how fast, and what were the numbers like? */
@NullMarked
package io.tokentropy.metrics;

import org.jspecify.annotations.NullMarked;
