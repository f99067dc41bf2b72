package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;

/**
 * A grid and the part of it that a raster covers. Immutable.
 *
 * @param window the pixels of the grid that the raster covers, wholly or in part
 */
public record CellWindow(Grid grid, PixelWindow window) {}
