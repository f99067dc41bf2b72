/**
 * The recipe of the bundle without learned weights, spectral-baseline: its graphs, the same rules
 * in plain Java, and its self-test.
 */
@NullMarked
package io.landshift.training.onnx.spectral;

import org.jspecify.annotations.NullMarked;
