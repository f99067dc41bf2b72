/**
 * What the generated events say of absence. The generator writes annotations in places where
 * JSpecify's own may not stand.
 */
@NullMarked
package io.landshift.schemas.nullness;

import org.jspecify.annotations.NullMarked;
