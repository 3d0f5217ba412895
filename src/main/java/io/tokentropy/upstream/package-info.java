/** What does a server answer that the configuration names? */
@NullMarked
package io.tokentropy.upstream;

import org.jspecify.annotations.NullMarked;
