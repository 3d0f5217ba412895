/** Which of two models should write the next token, and how sure is that? */
@NullMarked
package io.tokentropy.switching;

import org.jspecify.annotations.NullMarked;
