/** A product becomes a harmonised scene: identity, radiometry, masks. */
@NullMarked
package io.landshift.ingest.scenes;

import org.jspecify.annotations.NullMarked;
