/**
 * Networks in libtorch: the only code that sees it. It is run in a process of its own.
 *
 * <p>Every native tensor has one owner: {@link io.landshift.training.torch.TorchParameters} the
 * parameters, {@link io.landshift.training.torch.Trainer} the optimiser's state, and the innermost
 * {@link org.bytedeco.javacpp.PointerScope} of the thread all others, which end with it.
 */
@NullMarked
package io.landshift.training.torch;

import org.jspecify.annotations.NullMarked;
