/** The service's entry point. */
@NullMarked
package io.tokentropy;

import org.jspecify.annotations.NullMarked;
