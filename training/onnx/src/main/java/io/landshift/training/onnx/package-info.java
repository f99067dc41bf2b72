/** Writes ONNX graphs and the bundles made of them. */
@NullMarked
package io.landshift.training.onnx;

import org.jspecify.annotations.NullMarked;
