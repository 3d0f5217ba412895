/** How much do all calls together hold? */
@NullMarked
package io.tokentropy.ledger;

import org.jspecify.annotations.NullMarked;
