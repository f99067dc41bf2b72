package io.landshift.training.evaluation;

import org.jspecify.annotations.Nullable;

/**
 * A raster of scores and the raster of truth for it.
 *
 * @param score file or href of a raster whose band 1 is the score; NaN and nodata are not valid
 * @param truth file or href of a raster of the same size whose band 1 is 0 where negative and any
 *     other number where positive; nodata is not known
 * @param against another score of the same size, to compare with on the pixels that both have; null
 *     for none
 */
public record RasterPair(String score, String truth, @Nullable String against) {

  /** Without a score to compare with. */
  public RasterPair(String score, String truth) {
    this(score, truth, null);
  }
}
