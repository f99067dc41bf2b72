/** The command line. */
@NullMarked
package io.landshift.ops.cli;

import org.jspecify.annotations.NullMarked;
