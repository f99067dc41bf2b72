/**
 * Pure algorithms of change on arrays: reference, score, lifecycle, objects. No input or output, no
 * framework.
 */
@NullMarked
package io.landshift.change;

import org.jspecify.annotations.NullMarked;
