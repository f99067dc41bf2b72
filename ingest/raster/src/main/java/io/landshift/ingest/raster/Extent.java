package io.landshift.ingest.raster;

import java.util.Arrays;

/**
 * A box in a CRS. Immutable.
 *
 * @param crs {@code EPSG:n} or WKT; empty where there is none
 * @param minX western edge, in units of the CRS, axes in the order east, north
 * @param minY southern edge
 * @param maxX eastern edge
 * @param maxY northern edge
 */
public record Extent(String crs, double minX, double minY, double maxX, double maxY) {
  public Extent {
    if (!(minX < maxX) || !(minY < maxY)) {
      throw new IllegalArgumentException("an extent must have an inside");
    }
  }

  static Extent around(String crs, double[] x, double[] y) {
    return new Extent(
        crs,
        Arrays.stream(x).min().orElseThrow(),
        Arrays.stream(y).min().orElseThrow(),
        Arrays.stream(x).max().orElseThrow(),
        Arrays.stream(y).max().orElseThrow());
  }
}
