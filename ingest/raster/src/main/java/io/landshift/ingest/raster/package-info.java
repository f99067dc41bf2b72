/** Grids, windows, reading, warping and writing rasters: the only code that sees GDAL. */
@NullMarked
package io.landshift.ingest.raster;

import org.jspecify.annotations.NullMarked;
