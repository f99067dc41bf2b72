package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.gdal.ogr.Geometry;
import org.gdal.ogr.ogr;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Polygon;

/** Carries polygons of the map to pixels, and windows of pixels to the map. Thread-safe. */
public final class Footprints {
  /** Edges drawn in degrees are straight there: split so finely that it does not matter. */
  private static final double LONGEST_EDGE_DEGREES = 0.01;

  private static final int POINTS_PER_SIDE = 16;

  private Footprints() {}

  /**
   * Which pixels of a window have their centre in one of the geometries.
   *
   * @param geoJsonGeometriesWgs84 GeoJSON Polygons or MultiPolygons, longitude and latitude
   * @return 1 inside, 0 outside, row by row
   * @throws LandshiftException METADATA_INVALID where a text is not such a geometry, or the grid
   *     has no CRS
   */
  public static byte[] rasterise(
      Grid grid, PixelWindow window, List<String> geoJsonGeometriesWgs84) {
    byte[] inside = new byte[Math.multiplyExact(window.getWidth(), window.getHeight())];
    try (Crs.Transform transform = Crs.Transform.between(Crs.WGS84, grid.getCrs())) {
      for (String geoJson : geoJsonGeometriesWgs84) {
        for (List<double[]> rings : polygons(geoJson)) {
          EdgeTable edges = new EdgeTable(window);
          for (double[] ring : rings) {
            edges.add(toPixels(ring, grid, transform));
          }
          edges.fill(inside);
        }
      }
    }
    return inside;
  }

  /**
   * The outline of a window of a grid, its sides split so that they follow the grid.
   *
   * @throws LandshiftException METADATA_INVALID where the grid has no CRS or lies outside it
   */
  public static Footprint footprintWgs84(Grid grid, PixelWindow window) {
    try (Wgs84 wgs84 = new Wgs84(grid)) {
      Polygon polygon = wgs84.polygon(List.of(sides(window)));
      List<Polygon> parts = Wgs84.cut(polygon);
      Envelope west = parts.getFirst().getEnvelopeInternal();
      Envelope east = parts.getLast().getEnvelopeInternal();
      Envelope all = polygon.getEnvelopeInternal();
      List<Double> bbox =
          List.of(
              rounded(west.getMinX()),
              rounded(all.getMinY()),
              rounded(east.getMaxX()),
              rounded(all.getMaxY()));
      return new Footprint(Wgs84.geoJson(List.of(polygon)), bbox);
    }
  }

  private static double rounded(double degrees) {
    return Double.parseDouble(Wgs84.degrees(degrees));
  }

  private static int[] sides(PixelWindow window) {
    int[] x = {0, 1, 1, 0};
    int[] y = {0, 0, 1, 1};
    List<Integer> corners = new ArrayList<>();
    for (int side = 0; side < 4; side++) {
      int next = (side + 1) % 4;
      int points =
          Math.min(POINTS_PER_SIDE, side % 2 == 0 ? window.getWidth() : window.getHeight());
      for (int i = 0; i < points; i++) {
        double along = i / (double) points;
        double column = (x[side] + along * (x[next] - x[side])) * window.getWidth();
        double row = (y[side] + along * (y[next] - y[side])) * window.getHeight();
        corners.add(window.getX() + (int) Math.rint(column));
        corners.add(window.getY() + (int) Math.rint(row));
      }
    }
    return corners.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] toPixels(double[] ring, Grid grid, Crs.Transform transform) {
    int count = ring.length / 2;
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = ring[2 * i];
      y[i] = ring[2 * i + 1];
    }
    transform.apply(x, y);
    double[] pixels = new double[ring.length];
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "a geometry reaches where the CRS of the grid " + grid.getCode() + " does not");
      }
      pixels[2 * i] = (x[i] - grid.getOriginX()) / grid.getPixelSize();
      pixels[2 * i + 1] = (grid.getOriginY() - y[i]) / grid.getPixelSize();
    }
    return pixels;
  }

  /** The polygons of a geometry, each as its rings of longitudes and latitudes. */
  private static List<List<double[]>> polygons(String geoJson) {
    try (Gdal.Session session = Gdal.enter()) {
      Geometry geometry = ogr.CreateGeometryFromJson(geoJson);
      if (geometry == null) {
        throw invalid(session.error());
      }
      try {
        geometry.Segmentize(LONGEST_EDGE_DEGREES);
        return switch (geometry.GetGeometryName()) {
          case "POLYGON" -> List.of(rings(geometry));
          case "MULTIPOLYGON" -> {
            List<List<double[]>> polygons = new ArrayList<>();
            for (int i = 0; i < geometry.GetGeometryCount(); i++) {
              polygons.add(rings(geometry.GetGeometryRef(i)));
            }
            yield polygons;
          }
          default -> throw invalid("it is a " + geometry.GetGeometryName());
        };
      } finally {
        geometry.delete();
      }
    }
  }

  private static LandshiftException invalid(String why) {
    return new LandshiftException(
        FailureReason.METADATA_INVALID, "not a GeoJSON Polygon or MultiPolygon: " + why);
  }

  private static List<double[]> rings(Geometry polygon) {
    List<double[]> rings = new ArrayList<>();
    for (int i = 0; i < polygon.GetGeometryCount(); i++) {
      Geometry ring = polygon.GetGeometryRef(i);
      double[][] points = ring.GetPoints(2);
      double[] flat = new double[2 * points.length];
      for (int k = 0; k < points.length; k++) {
        flat[2 * k] = points[k][0];
        flat[2 * k + 1] = points[k][1];
      }
      rings.add(flat);
    }
    return rings;
  }

  /** Where a polygon's edges cross the middle of each row: even and odd crossings enclose it. */
  private static final class EdgeTable {
    private final PixelWindow window;
    private final List<List<Double>> crossings = new ArrayList<>();

    EdgeTable(PixelWindow window) {
      this.window = window;
      for (int row = 0; row < window.getHeight(); row++) {
        crossings.add(new ArrayList<>());
      }
    }

    /**
     * @param ring closed, in pixels of the grid
     */
    void add(double[] ring) {
      for (int i = 0; i + 3 < ring.length; i += 2) {
        double upper = Math.min(ring[i + 1], ring[i + 3]) - window.getY();
        double lower = Math.max(ring[i + 1], ring[i + 3]) - window.getY();
        // A row counts where upper <= middle < lower, so that a corner is met once.
        int first = (int) Math.max(0, Math.ceil(upper - 0.5));
        int end = (int) Math.min(window.getHeight(), Math.ceil(lower - 0.5));
        for (int row = first; row < end; row++) {
          double along = (row + 0.5 + window.getY() - ring[i + 1]) / (ring[i + 3] - ring[i + 1]);
          crossings.get(row).add(ring[i] + along * (ring[i + 2] - ring[i]) - window.getX());
        }
      }
    }

    void fill(byte[] inside) {
      int width = window.getWidth();
      for (int row = 0; row < crossings.size(); row++) {
        List<Double> sorted = crossings.get(row).stream().sorted().toList();
        for (int i = 0; i + 1 < sorted.size(); i += 2) {
          int from = (int) Math.clamp(Math.ceil(sorted.get(i) - 0.5), 0.0, width);
          int to = (int) Math.clamp(Math.ceil(sorted.get(i + 1) - 0.5), 0.0, width);
          Arrays.fill(inside, row * width + from, row * width + Math.max(from, to), (byte) 1);
        }
      }
    }
  }
}
