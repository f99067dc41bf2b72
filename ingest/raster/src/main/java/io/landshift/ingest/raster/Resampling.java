package io.landshift.ingest.raster;

/** How a raster's numbers become those of another grid. */
public enum Resampling {
  /** The number of the pixel that contains the target pixel's centre: for classes and masks. */
  NEAREST,
  /**
   * Linear between pixel centres, clamped at the raster's edge; the mean over the target pixel's
   * footprint where the raster is finer than the grid.
   */
  BILINEAR
}
