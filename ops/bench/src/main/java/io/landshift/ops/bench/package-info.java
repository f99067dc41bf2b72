/** Measures the system: what a full tile costs, next to what reading and computing alone cost. */
@NullMarked
package io.landshift.ops.bench;

import org.jspecify.annotations.NullMarked;
