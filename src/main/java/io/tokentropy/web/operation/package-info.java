/** How is the service run and watched? */
@NullMarked
package io.tokentropy.web.operation;

import org.jspecify.annotations.NullMarked;
