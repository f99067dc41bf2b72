/** The stack in one process: broker, job, topology and their life cycle. */
@NullMarked
package io.landshift.ops.local;

import org.jspecify.annotations.NullMarked;
