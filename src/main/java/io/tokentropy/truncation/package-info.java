/** Which tokens may be sampled, and how near is that to the best choice? */
@NullMarked
package io.tokentropy.truncation;

import org.jspecify.annotations.NullMarked;
