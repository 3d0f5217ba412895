/** What does a call for perturbed texts ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.perturbation;

import org.jspecify.annotations.NullMarked;
