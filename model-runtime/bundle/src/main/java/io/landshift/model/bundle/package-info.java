/** The contract of a model bundle: manifest, digests, checks. */
@NullMarked
package io.landshift.model.bundle;

import org.jspecify.annotations.NullMarked;
