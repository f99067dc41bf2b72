package io.landshift.ingest.raster;

import java.util.List;

/**
 * Where a product lies, as a STAC item states it. Immutable.
 *
 * @param geometry GeoJSON Polygon or MultiPolygon, WGS84
 * @param bbox west, south, east, north in degrees; west is greater than east where the product
 *     crosses the antimeridian (RFC 7946, section 5.2)
 */
public record Footprint(String geometry, List<Double> bbox) {
  public Footprint {
    bbox = List.copyOf(bbox);
  }
}
