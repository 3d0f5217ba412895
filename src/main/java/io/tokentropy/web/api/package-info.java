/** Which path leads to which call? */
@NullMarked
package io.tokentropy.web.api;

import org.jspecify.annotations.NullMarked;
