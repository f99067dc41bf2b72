/** Metrics and comparators. */
@NullMarked
package io.landshift.training.evaluation;

import org.jspecify.annotations.NullMarked;
