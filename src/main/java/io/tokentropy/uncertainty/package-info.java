/** How uncertain is a model about a question, judged from several prompts and their answers? */
@NullMarked
package io.tokentropy.uncertainty;

import org.jspecify.annotations.NullMarked;
