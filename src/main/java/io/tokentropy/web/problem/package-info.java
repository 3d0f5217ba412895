/** What went wrong, in the words of the contract? */
@NullMarked
package io.tokentropy.web.problem;

import org.jspecify.annotations.NullMarked;
