/**
 * Several tasks learned at once on one encoder, from labelled samples: what a served model is made
 * of. Needs libtorch; nothing that serves depends on it.
 */
@NullMarked
package io.landshift.training.finetuning;

import org.jspecify.annotations.NullMarked;
