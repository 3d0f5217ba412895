/** What is asked of model switching, and how do its decisions and states travel? */
@NullMarked
package io.tokentropy.endpoint.switching;

import org.jspecify.annotations.NullMarked;
