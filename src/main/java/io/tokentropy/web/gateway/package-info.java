/** How do clients of OpenAI reach a pair of models? */
@NullMarked
package io.tokentropy.web.gateway;

import org.jspecify.annotations.NullMarked;
