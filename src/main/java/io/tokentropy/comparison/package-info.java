/** How far apart are two distributions, and how can they be drawn together? */
@NullMarked
package io.tokentropy.comparison;

import org.jspecify.annotations.NullMarked;
