/** The picture of a run: before, after, alerts and their time. */
@NullMarked
package io.landshift.ops.cli.report;

import org.jspecify.annotations.NullMarked;
