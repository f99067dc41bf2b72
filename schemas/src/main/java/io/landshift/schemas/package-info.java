/** The contract: events, topics and their encoding on the wire. Knows nothing of the rest. */
@NullMarked
package io.landshift.schemas;

import org.jspecify.annotations.NullMarked;
