/** What is known of one request while it is answered? */
@NullMarked
package io.tokentropy.web.exchange;

import org.jspecify.annotations.NullMarked;
