/** How do two servers write one answer between them? */
@NullMarked
package io.tokentropy.gateway;

import org.jspecify.annotations.NullMarked;
