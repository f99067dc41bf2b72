/** The content-addressed store of pixels: features, masks, scores and status. */
@NullMarked
package io.landshift.store;

import org.jspecify.annotations.NullMarked;
