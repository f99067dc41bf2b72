/** Rewrites graphs for cheaper numbers: half precision, and eight bits. */
@NullMarked
package io.landshift.training.onnx.precision;

import org.jspecify.annotations.NullMarked;
