package io.landshift.ingest.raster;

/**
 * Where pixels lie in a CRS. Immutable.
 *
 * @param x of the outer upper left corner
 * @param xPerColumn pixel width where the raster is north-up
 * @param xPerRow 0 where the raster is north-up
 * @param y of the outer upper left corner
 * @param yPerColumn 0 where the raster is north-up
 * @param yPerRow negative pixel height where the raster is north-up
 */
public record GeoTransform(
    double x, double xPerColumn, double xPerRow, double y, double yPerColumn, double yPerRow) {
  /** One unit per pixel, rows downwards: for rasters that are not georeferenced. */
  static final GeoTransform NONE = new GeoTransform(0, 1, 0, 0, 0, -1);

  /** From GDAL's six numbers, which are in the order of these components. */
  static GeoTransform ofGdal(double[] t) {
    // GDAL gives the identity, rows upwards, where a raster states nothing.
    boolean stated = t[0] != 0 || t[1] != 1 || t[2] != 0 || t[3] != 0 || t[4] != 0 || t[5] != 1;
    return stated ? new GeoTransform(t[0], t[1], t[2], t[3], t[4], t[5]) : NONE;
  }

  /** Pixels that fill a box. */
  static GeoTransform filling(Extent box, int width, int height) {
    return new GeoTransform(
        box.minX(),
        (box.maxX() - box.minX()) / width,
        0,
        box.maxY(),
        0,
        (box.minY() - box.maxY()) / height);
  }

  /** True where rows run from west to east and columns from north to south. */
  public boolean isNorthUp() {
    return xPerRow == 0 && yPerColumn == 0 && xPerColumn > 0 && yPerRow < 0;
  }

  /** East coordinate of a place in pixels; whole numbers are pixel edges. */
  public double xAt(double column, double row) {
    return x + column * xPerColumn + row * xPerRow;
  }

  /** North coordinate of a place in pixels; whole numbers are pixel edges. */
  public double yAt(double column, double row) {
    return y + column * yPerColumn + row * yPerRow;
  }

  /** Column, in pixels from the outer left edge, of a place in the CRS. */
  public double columnAt(double east, double north) {
    return (yPerRow * (east - x) - xPerRow * (north - y)) / determinant();
  }

  /** Row, in pixels from the outer upper edge, of a place in the CRS. */
  public double rowAt(double east, double north) {
    return (xPerColumn * (north - y) - yPerColumn * (east - x)) / determinant();
  }

  /** True where every place has a pixel and every pixel a place. */
  boolean hasInverse() {
    return Double.isFinite(determinant())
        && determinant() != 0
        && Double.isFinite(x)
        && Double.isFinite(y);
  }

  private double determinant() {
    return xPerColumn * yPerRow - xPerRow * yPerColumn;
  }
}
