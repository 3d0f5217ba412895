/** Who may call? */
@NullMarked
package io.tokentropy.web.security;

import org.jspecify.annotations.NullMarked;
