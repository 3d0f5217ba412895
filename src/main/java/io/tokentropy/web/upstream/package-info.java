/** Which model servers does the configuration name? */
@NullMarked
package io.tokentropy.web.upstream;

import org.jspecify.annotations.NullMarked;
