/** What is told of scores that become confidences? */
@NullMarked
package io.tokentropy.endpoint.calibration;

import org.jspecify.annotations.NullMarked;
