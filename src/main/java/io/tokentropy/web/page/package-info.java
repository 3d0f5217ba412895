/** What do people see? */
@NullMarked
package io.tokentropy.web.page;

import org.jspecify.annotations.NullMarked;
