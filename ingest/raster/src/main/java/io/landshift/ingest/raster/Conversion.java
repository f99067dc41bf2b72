package io.landshift.ingest.raster;

/**
 * What is made of a band's numbers once they lie on the grid: each by itself, whatever lies beside
 * it, so that the few numbers that a band of 8 or 16 bits knows need to be converted only once.
 * Pure: the same number always gives the same result, and NaN stays NaN.
 */
@FunctionalInterface
public interface Conversion {
  /** Leaves the numbers as the raster has them. */
  Conversion NONE = (numbers, from, to) -> {};

  /**
   * Converts in place.
   *
   * @param numbers as the raster has them, NaN where there is no data
   * @param from the first to convert
   * @param to after the last to convert
   */
  void convert(float[] numbers, int from, int to);
}
