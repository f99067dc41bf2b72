/**
 * Networks, written once: an interpreter of {@link io.landshift.training.networks.Ops} trains them,
 * another one exports them. No natives here.
 */
@NullMarked
package io.landshift.training.networks;

import org.jspecify.annotations.NullMarked;
