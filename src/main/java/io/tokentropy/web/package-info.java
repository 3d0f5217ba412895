/** How is the contract in {@code openapi/tokentropy.yaml} spoken over HTTP? */
@NullMarked
package io.tokentropy.web;

import org.jspecify.annotations.NullMarked;
