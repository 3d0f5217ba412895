/** How probable is each of some answers, whatever the unseen tokens are? */
@NullMarked
package io.tokentropy.labels;

import org.jspecify.annotations.NullMarked;
