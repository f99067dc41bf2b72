/**
 * MP-MAE (arXiv 2405.02771): a ConvNeXt V2 encoder sees four tenths of a window and learns to tell
 * what lies in the rest of it and what other sources say of the place. Mechanisms only: no
 * published weights were run.
 */
@NullMarked
package io.landshift.training.pretraining;

import org.jspecify.annotations.NullMarked;
