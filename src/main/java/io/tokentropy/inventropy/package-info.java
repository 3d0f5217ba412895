/** How little do the answers to perturbed prompts tell of the prompts? */
@NullMarked
package io.tokentropy.inventropy;

import org.jspecify.annotations.NullMarked;
