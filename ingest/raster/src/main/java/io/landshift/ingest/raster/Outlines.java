package io.landshift.ingest.raster;

import io.landshift.schemas.Grid;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Polygon;

/**
 * Outlines of sets of pixels, for objects on a map. Pure and thread-safe; equal pixels give equal
 * text, whatever their order.
 */
public final class Outlines {
  /** WGS84: semi-major axis in metres and squared eccentricity. */
  private static final double SEMI_MAJOR = 6_378_137.0;

  private static final double ECCENTRICITY_2 = 6.69437999014e-3;

  private Outlines() {}

  /** A set of pixels of a grid. Immutable if nobody writes into the arrays. */
  public static final class PixelSet {
    private final int[] x;
    private final int[] y;

    /**
     * @param x columns
     * @param y rows of the same pixels; no pixel twice
     */
    public PixelSet(int[] x, int[] y) {
      if (x.length == 0 || x.length != y.length) {
        throw new IllegalArgumentException("a set of pixels has as many columns as rows, and some");
      }
      this.x = x;
      this.y = y;
    }
  }

  /**
   * As {@link #toWgs84(Grid, List)}, for one set.
   *
   * @param x columns of the grid
   * @param y rows of the same pixels; no pixel twice
   */
  public static Outline toWgs84(Grid grid, int[] x, int[] y) {
    return toWgs84(grid, List.of(new PixelSet(x, y))).getFirst();
  }

  /**
   * The rings along the edges of a set of pixels, for pictures: outer ones and holes alike.
   *
   * @param x columns
   * @param y rows of the same pixels
   * @return corners of pixels as x0, y0, x1, y1, ..., the first not repeated
   */
  public static List<int[]> rings(int[] x, int[] y) {
    return PixelRings.of(x, y).stream().flatMap(polygon -> polygon.rings().stream()).toList();
  }

  /**
   * The outline along the pixels' edges and the area of each set. Pixels that only touch by a
   * corner, or not at all, make several polygons.
   *
   * <p>The area is the number of pixels times that of a pixel: in a projected CRS its square in
   * metres of the projection (true to a thousandth in UTM, exact in an equal-area CRS, far too
   * large in Web Mercator away from the equator); in a geographic CRS that of the cell on the WGS84
   * ellipsoid.
   *
   * @throws io.landshift.schemas.LandshiftException METADATA_INVALID where the grid has no CRS or
   *     lies outside it
   */
  public static List<Outline> toWgs84(Grid grid, List<PixelSet> sets) {
    List<Outline> outlines = new ArrayList<>();
    try (Wgs84 wgs84 = new Wgs84(grid);
        Crs crs = Crs.of(grid.getCrs())) {
      for (PixelSet set : sets) {
        List<Polygon> polygons = new ArrayList<>();
        for (PixelRings.Polygon polygon : PixelRings.of(set.x, set.y)) {
          polygons.add(wgs84.polygon(polygon.rings()));
        }
        outlines.add(new Outline(Wgs84.geoJson(polygons), area(grid, crs, set.y)));
      }
    }
    return outlines;
  }

  private static double area(Grid grid, Crs crs, int[] rows) {
    if (!crs.isGeographic()) {
      double side = grid.getPixelSize() * crs.metresPerUnit();
      return rows.length * side * side;
    }
    double side = grid.getPixelSize() * crs.radiansPerUnit();
    double area = 0;
    for (int row : rows) {
      double north = grid.getOriginY() * crs.radiansPerUnit() - row * side;
      area += SEMI_MAJOR * SEMI_MAJOR * side * (authalic(north) - authalic(north - side)) / 2;
    }
    return area;
  }

  /**
   * Snyder, Map Projections: A Working Manual (1987), equation 3-12: q of a latitude in radians.
   */
  private static double authalic(double latitude) {
    double e = Math.sqrt(ECCENTRICITY_2);
    double sine = Math.sin(latitude);
    double e2s2 = ECCENTRICITY_2 * sine * sine;
    return (1 - ECCENTRICITY_2)
        * (sine / (1 - e2s2) - Math.log((1 - e * sine) / (1 + e * sine)) / (2 * e));
  }
}
