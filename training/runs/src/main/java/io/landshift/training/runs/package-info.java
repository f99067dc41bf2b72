/**
 * Runs of training: a configuration in, weights, bundles and reports out. The command {@code
 * landshift train}, which is a process of its own because of libtorch.
 */
@NullMarked
package io.landshift.training.runs;

import org.jspecify.annotations.NullMarked;
