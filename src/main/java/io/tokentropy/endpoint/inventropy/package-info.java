/** What does a call for Inv-Entropy ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.inventropy;

import org.jspecify.annotations.NullMarked;
