package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.regex.Pattern;
import org.gdal.osr.CoordinateTransformation;
import org.gdal.osr.SpatialReference;
import org.gdal.osr.osrConstants;
import org.jspecify.annotations.Nullable;

/**
 * A coordinate reference system: the owner of its native handle. Axes are always in the order east,
 * north (longitude, latitude), whatever the authority says. Not thread-safe.
 */
final class Crs implements AutoCloseable {
  /** Longitude and latitude of GeoJSON. */
  static final String WGS84 = "EPSG:4326";

  private static final Pattern EPSG = Pattern.compile("EPSG:(\\d{1,9})");

  private final SpatialReference reference;

  private Crs(SpatialReference reference) {
    this.reference = reference;
  }

  /**
   * @param crs {@code EPSG:n} or WKT; never a file, a URL or anything else that would be looked up
   * @throws LandshiftException METADATA_INVALID where it is neither
   */
  static Crs of(String crs) {
    if (crs.isEmpty()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "there is no coordinate reference system: write one into the raster or its catalogue item");
    }
    try (Gdal.Session session = Gdal.enter()) {
      SpatialReference reference = new SpatialReference();
      try {
        var code = EPSG.matcher(crs);
        int status =
            code.matches()
                ? reference.ImportFromEPSG(Integer.parseInt(code.group(1)))
                : reference.ImportFromWkt(crs);
        if (status != 0) {
          throw new IllegalArgumentException(session.error());
        }
        reference.SetAxisMappingStrategy(osrConstants.OAMS_TRADITIONAL_GIS_ORDER);
        return new Crs(reference);
      } catch (RuntimeException e) {
        reference.delete();
        throw new LandshiftException(
            FailureReason.METADATA_INVALID, "not a known EPSG code or WKT: " + crs, e);
      }
    }
  }

  /** {@code EPSG:n} or WKT of a reference that GDAL handed out, which is released; or empty. */
  static String describe(@Nullable SpatialReference reference) {
    if (reference == null) {
      return "";
    }
    try {
      String authority = reference.GetAuthorityName(null);
      String code = reference.GetAuthorityCode(null);
      if ("EPSG".equals(authority) && code != null) {
        return "EPSG:" + code;
      }
      return reference.ExportToWkt();
    } finally {
      reference.delete();
    }
  }

  /** True where both name the same system. */
  static boolean same(String one, String other) {
    if (one.equals(other)) {
      return true;
    }
    if (one.isEmpty() || other.isEmpty()) {
      return false;
    }
    try (Crs a = of(one);
        Crs b = of(other)) {
      return a.reference.IsSame(b.reference) == 1;
    }
  }

  String wkt() {
    return reference.ExportToWkt();
  }

  boolean isGeographic() {
    return reference.IsGeographic() == 1;
  }

  /** Metres of one unit; meaningless for a geographic CRS. */
  double metresPerUnit() {
    return reference.GetLinearUnits();
  }

  /** Radians of one unit; meaningless for a projected CRS. */
  double radiansPerUnit() {
    return reference.GetAngularUnits();
  }

  @Override
  public void close() {
    reference.delete();
  }

  /** Carries points from one CRS to another: the owner of its native handle. Not thread-safe. */
  static final class Transform implements AutoCloseable {
    private final CoordinateTransformation transformation;

    private Transform(CoordinateTransformation transformation) {
      this.transformation = transformation;
    }

    /**
     * @throws LandshiftException METADATA_INVALID where there is no way from one to the other
     */
    static Transform between(String from, String to) {
      try (Gdal.Session session = Gdal.enter();
          Crs source = of(from);
          Crs target = of(to)) {
        CoordinateTransformation transformation =
            CoordinateTransformation.CreateCoordinateTransformation(
                source.reference, target.reference);
        if (transformation == null) {
          throw new LandshiftException(
              FailureReason.METADATA_INVALID,
              "no transformation from " + from + " to " + to + ": " + session.error());
        }
        return new Transform(transformation);
      }
    }

    /** Replaces the points; those that have no image become infinite. */
    void apply(double[] x, double[] y) {
      double[][] points = new double[x.length][];
      for (int i = 0; i < x.length; i++) {
        points[i] = new double[] {x[i], y[i], 0};
      }
      Gdal.quietly(() -> transformation.TransformPoints(points));
      for (int i = 0; i < x.length; i++) {
        x[i] = points[i][0];
        y[i] = points[i][1];
      }
    }

    @Override
    public void close() {
      transformation.delete();
    }
  }
}
