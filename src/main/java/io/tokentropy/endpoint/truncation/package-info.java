/** What does a call for kept sets or drawn tokens ask, and what is it told? */
@NullMarked
package io.tokentropy.endpoint.truncation;

import org.jspecify.annotations.NullMarked;
