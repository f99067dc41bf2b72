package io.landshift.training.evaluation;

/**
 * A raster of scores and the raster of truth for it.
 *
 * @param score file or href of a raster whose band 1 is the score; NaN and nodata are not valid
 * @param truth file or href of a raster of the same size whose band 1 is 0 where negative and any
 *     other number where positive; nodata is not known
 */
public record RasterPair(String score, String truth) {}
