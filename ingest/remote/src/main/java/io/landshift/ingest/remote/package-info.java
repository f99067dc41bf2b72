/** The only code that opens connections to catalogues and object stores. */
@NullMarked
package io.landshift.ingest.remote;

import org.jspecify.annotations.NullMarked;
