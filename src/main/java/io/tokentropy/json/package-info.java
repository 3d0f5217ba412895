/** What exactly stands in a request, and where does it differ from what was expected? */
@NullMarked
package io.tokentropy.json;

import org.jspecify.annotations.NullMarked;
