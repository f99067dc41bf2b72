/** Sources of scenes and their publication. */
@NullMarked
package io.landshift.ingest.catalog;

import org.jspecify.annotations.NullMarked;
