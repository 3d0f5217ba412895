/** How do the fields of a call arrive, and how does its answer leave? */
@NullMarked
package io.tokentropy.web.call;

import org.jspecify.annotations.NullMarked;
