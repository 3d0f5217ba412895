/** How probable is it that an answer with this score is right? */
@NullMarked
package io.tokentropy.calibration;

import org.jspecify.annotations.NullMarked;
