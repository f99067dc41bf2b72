package io.landshift.ingest.raster;

import java.util.List;

/**
 * What a raster says of itself. Immutable.
 *
 * @param crs {@code EPSG:n} where the CRS has such a code, else WKT; empty where there is none
 * @param geoTransform one unit per pixel from 0, 0 where the raster is not georeferenced
 * @param width columns
 * @param height rows
 * @param bands from band 1 on
 */
public record RasterInfo(
    String crs, GeoTransform geoTransform, int width, int height, List<BandInfo> bands) {
  public RasterInfo {
    bands = List.copyOf(bands);
  }

  /** True where rows run from west to east and columns from north to south. */
  public boolean isNorthUp() {
    return geoTransform.isNorthUp();
  }

  /** The box around the raster's outer corners, in its CRS. */
  public Extent extent() {
    double[] x = new double[4];
    double[] y = new double[4];
    for (int corner = 0; corner < 4; corner++) {
      double column = (corner & 1) * (double) width;
      double row = (corner >> 1) * (double) height;
      x[corner] = geoTransform.xAt(column, row);
      y[corner] = geoTransform.yAt(column, row);
    }
    return Extent.around(crs, x, y);
  }

  /** The same raster, said to lie elsewhere. */
  RasterInfo placedAt(Extent place) {
    return new RasterInfo(
        place.crs(), GeoTransform.filling(place, width, height), width, height, bands);
  }
}
