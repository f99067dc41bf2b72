package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;

/** The pixels of a grid that a box of longitudes and latitudes covers. Pure; thread-safe. */
public final class BoxWindows {
  /** Points on each side: sides of such a box are curves in other projections. */
  private static final int POINTS = 21;

  private BoxWindows() {}

  /**
   * The smallest window of whole pixels that holds the box, within a window of the grid; of width
   * or height 0 where they do not meet.
   *
   * @param west degrees; above {@code east} where the box crosses the antimeridian
   * @throws io.landshift.schemas.LandshiftException METADATA_INVALID where the grid has no CRS
   */
  public static PixelWindow within(
      PixelWindow window, Grid grid, double west, double south, double east, double north) {
    double[] x = new double[4 * POINTS];
    double[] y = new double[4 * POINTS];
    double width = east > west ? east - west : east - west + 360;
    for (int i = 0; i < POINTS; i++) {
      double share = i / (POINTS - 1.0);
      double longitude = west + share * width;
      double latitude = south + share * (north - south);
      set(x, y, 4 * i, longitude, south);
      set(x, y, 4 * i + 1, longitude, north);
      set(x, y, 4 * i + 2, west, latitude);
      set(x, y, 4 * i + 3, west + width, latitude);
    }
    try (Crs.Transform transform = Crs.Transform.between(Crs.WGS84, grid.getCrs())) {
      transform.apply(x, y);
    }
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      double column = (x[i] - grid.getOriginX()) / grid.getPixelSize();
      double row = (grid.getOriginY() - y[i]) / grid.getPixelSize();
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    }
    int x0 = clamp(Math.floor(left), window.getX(), window.getWidth());
    int y0 = clamp(Math.floor(top), window.getY(), window.getHeight());
    return new PixelWindow(
        x0,
        y0,
        clamp(Math.ceil(right), window.getX(), window.getWidth()) - x0,
        clamp(Math.ceil(bottom), window.getY(), window.getHeight()) - y0);
  }

  private static void set(double[] x, double[] y, int at, double longitude, double latitude) {
    x[at] = longitude > 180 ? longitude - 360 : longitude;
    y[at] = latitude;
  }

  private static int clamp(double pixel, int from, int count) {
    return (int) Math.clamp(pixel, from, from + count);
  }
}
