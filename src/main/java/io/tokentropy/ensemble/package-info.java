/** How much of the uncertainty of several models is that they disagree? */
@NullMarked
package io.tokentropy.ensemble;

import org.jspecify.annotations.NullMarked;
