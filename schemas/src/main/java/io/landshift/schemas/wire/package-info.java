/** How events become bytes and bytes become events. */
@NullMarked
package io.landshift.schemas.wire;

import org.jspecify.annotations.NullMarked;
