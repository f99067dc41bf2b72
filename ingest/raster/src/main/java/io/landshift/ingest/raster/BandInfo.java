package io.landshift.ingest.raster;

import org.jspecify.annotations.Nullable;

/**
 * What a raster says of one of its bands. Immutable.
 *
 * @param type of the stored numbers
 * @param nodata the number that means no data, or null; may be NaN
 * @param blockWidth columns that are decoded together
 * @param blockHeight rows that are decoded together
 * @param scale value = number * scale + offset; 1 where not stated
 * @param offset 0 where not stated
 * @param description the band's name, or empty
 */
public record BandInfo(
    RasterType type,
    @Nullable Double nodata,
    int blockWidth,
    int blockHeight,
    double scale,
    double offset,
    String description) {}
