/** How is a chain of samplers written in a call, and how is it told in the answer? */
@NullMarked
package io.tokentropy.endpoint.truncation;

import org.jspecify.annotations.NullMarked;
