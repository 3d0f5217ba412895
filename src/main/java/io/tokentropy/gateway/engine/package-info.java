/** How does a server of a pair continue a text, token by token? */
@NullMarked
package io.tokentropy.gateway.engine;

import org.jspecify.annotations.NullMarked;
