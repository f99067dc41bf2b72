package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.AffineTransformation;

/**
 * Carries polygons of pixel corners to WGS84 longitude and latitude, and writes them as GeoJSON.
 * Owns a native transformation; not thread-safe.
 */
final class Wgs84 implements AutoCloseable {
  private static final GeometryFactory GEOMETRIES = new GeometryFactory();

  private final Grid grid;
  private final Crs.Transform transform;

  /**
   * @throws LandshiftException METADATA_INVALID where the grid has no CRS
   */
  Wgs84(Grid grid) {
    this.grid = grid;
    this.transform = Crs.Transform.between(grid.getCrs(), Crs.WGS84);
  }

  /**
   * A polygon of pixel corners, its longitudes going on beyond 180 degrees where it crosses the
   * antimeridian.
   *
   * @param corners the outer ring, then the holes, as in {@link PixelRings.Polygon}
   */
  Polygon polygon(List<int[]> corners) {
    LinearRing[] rings = corners.stream().map(this::ring).toArray(LinearRing[]::new);
    return GEOMETRIES.createPolygon(rings[0], Arrays.copyOfRange(rings, 1, rings.length));
  }

  private LinearRing ring(int[] corners) {
    int count = corners.length / 2;
    double[] x = new double[count];
    double[] y = new double[count];
    for (int i = 0; i < count; i++) {
      x[i] = grid.getOriginX() + corners[2 * i] * grid.getPixelSize();
      y[i] = grid.getOriginY() - corners[2 * i + 1] * grid.getPixelSize();
    }
    transform.apply(x, y);
    Coordinate[] points = new Coordinate[count + 1];
    for (int i = 0; i < count; i++) {
      if (!Double.isFinite(x[i]) || !Double.isFinite(y[i])) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "a pixel of the grid "
                + grid.getCode()
                + " has no longitude and latitude: check its CRS and origin");
      }
      points[i] = new Coordinate(x[i], y[i]);
    }
    unwrap(points, count);
    points[count] = points[0].copy();
    return GEOMETRIES.createLinearRing(points);
  }

  /** Neighbouring corners are never half the globe apart: then the antimeridian lies between. */
  private static void unwrap(Coordinate[] points, int count) {
    boolean crosses = false;
    for (int i = 0; i < count; i++) {
      crosses |= Math.abs(points[i].x - points[(i + 1) % count].x) > 180;
    }
    for (int i = 0; crosses && i < count; i++) {
      points[i].x += points[i].x < 0 ? 360 : 0;
    }
  }

  /** GeoJSON of polygons, each cut where it crosses the antimeridian. */
  static String geoJson(List<Polygon> polygons) {
    List<Polygon> parts = new ArrayList<>();
    for (Polygon polygon : polygons) {
      parts.addAll(cut(polygon));
    }
    if (parts.size() == 1) {
      return "{\"type\":\"Polygon\",\"coordinates\":" + rings(parts.getFirst()) + "}";
    }
    StringBuilder json = new StringBuilder("{\"type\":\"MultiPolygon\",\"coordinates\":[");
    for (int i = 0; i < parts.size(); i++) {
      json.append(i == 0 ? "" : ",").append(rings(parts.get(i)));
    }
    return json.append("]}").toString();
  }

  /** RFC 7946, section 3.1.9. */
  static List<Polygon> cut(Polygon polygon) {
    if (polygon.getEnvelopeInternal().getMaxX() <= 180) {
      return List.of(polygon);
    }
    Geometry west = GEOMETRIES.toGeometry(new Envelope(-180, 180, -90, 90));
    Geometry east = GEOMETRIES.toGeometry(new Envelope(180, 540, -90, 90));
    Geometry shifted =
        AffineTransformation.translationInstance(-360, 0).transform(polygon.intersection(east));
    List<Polygon> parts = new ArrayList<>();
    for (Geometry half : List.of(polygon.intersection(west), shifted)) {
      for (int i = 0; i < half.getNumGeometries(); i++) {
        if (half.getGeometryN(i) instanceof Polygon part && !part.isEmpty()) {
          parts.add(part);
        }
      }
    }
    return parts;
  }

  private static String rings(Polygon polygon) {
    StringBuilder json = new StringBuilder("[");
    ring(polygon.getExteriorRing(), true, json);
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      json.append(',');
      ring(polygon.getInteriorRingN(i), false, json);
    }
    return json.append(']').toString();
  }

  private static void ring(LinearRing ring, boolean anticlockwise, StringBuilder json) {
    Coordinate[] points = ring.getCoordinates();
    boolean asItIs = Orientation.isCCW(points) == anticlockwise;
    json.append('[');
    for (int i = 0; i < points.length; i++) {
      Coordinate point = points[asItIs ? i : points.length - 1 - i];
      json.append(i == 0 ? "[" : ",[");
      json.append(degrees(point.x)).append(',').append(degrees(point.y)).append(']');
    }
    json.append(']');
  }

  /** To seven decimals: about a centimetre. */
  static String degrees(double value) {
    BigDecimal rounded = new BigDecimal(value).setScale(7, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  @Override
  public void close() {
    transform.close();
  }
}
