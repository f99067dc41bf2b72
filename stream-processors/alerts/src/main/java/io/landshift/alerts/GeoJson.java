package io.landshift.alerts;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.MultiPolygon;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.geojson.GeoJsonReader;

/** GeoJSON areas in WGS84 longitude and latitude. Pure. */
final class GeoJson {
  /**
   * An object, and in it four lists for a MultiPolygon; a little more for what else may be said.
   */
  private static final int MAXIMUM_DEPTH = 16;

  private GeoJson() {}

  /**
   * The area that a text describes.
   *
   * @throws LandshiftException METADATA_INVALID where it is not a Polygon or MultiPolygon with
   *     longitudes of -180..180 and latitudes of -90..90 degrees
   */
  static Geometry area(String text) {
    // A collection may be nested thousands deep, and the parser would follow until the stack ends.
    if (depth(text) > MAXIMUM_DEPTH) {
      throw invalid("is nested too deep", null);
    }
    Geometry geometry = parse(text);
    if (!(geometry instanceof Polygon || geometry instanceof MultiPolygon)) {
      throw invalid(geometry == null ? "is empty" : "is a " + geometry.getGeometryType(), null);
    }
    if (geometry.isEmpty()) {
      throw invalid("is empty", null);
    }
    Envelope bounds = geometry.getEnvelopeInternal();
    if (!(bounds.getMinX() >= -180
        && bounds.getMaxX() <= 180
        && bounds.getMinY() >= -90
        && bounds.getMaxY() <= 90)) {
      throw invalid(
          "reaches beyond longitude -180..180 or latitude -90..90 (%s); cut it at the antimeridian"
              .formatted(bounds),
          null);
    }
    return geometry;
  }

  /** How deep brackets and braces outside quotes are nested. */
  private static int depth(String json) {
    int depth = 0;
    int deepest = 0;
    boolean quoted = false;
    for (int n = 0; n < json.length(); n++) {
      switch (json.charAt(n)) {
        case '"' -> quoted = !quoted;
        case '\\' -> n += quoted ? 1 : 0;
        case '[', '{' -> depth += quoted ? 0 : 1;
        case ']', '}' -> depth -= quoted ? 0 : 1;
        default -> {}
      }
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  private static @Nullable Geometry parse(String text) {
    try {
      return new GeoJsonReader().read(text);
    } catch (ParseException | RuntimeException e) {
      throw invalid("cannot be parsed", e);
    }
  }

  private static LandshiftException invalid(String how, @Nullable Exception cause) {
    return new LandshiftException(
        FailureReason.METADATA_INVALID,
        "an area must be a GeoJSON Polygon or MultiPolygon in WGS84; this one " + how,
        cause);
  }
}
