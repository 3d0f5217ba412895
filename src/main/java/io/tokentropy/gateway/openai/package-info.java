/** How do clients of OpenAI's API ask a pair, and what do they read? */
@NullMarked
package io.tokentropy.gateway.openai;

import org.jspecify.annotations.NullMarked;
