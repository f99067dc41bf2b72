/** Sessions, batches and execution providers: the only code that sees ONNX Runtime. */
@NullMarked
package io.landshift.model.inference;

import org.jspecify.annotations.NullMarked;
