/** Which other texts ask nearly the same as this one, and how near are they? */
@NullMarked
package io.tokentropy.perturbation;

import org.jspecify.annotations.NullMarked;
