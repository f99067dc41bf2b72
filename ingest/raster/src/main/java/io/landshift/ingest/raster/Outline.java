package io.landshift.ingest.raster;

/**
 * The outline of a set of pixels. Immutable.
 *
 * @param geometry GeoJSON Polygon or MultiPolygon (RFC 7946): WGS84 longitude and latitude to seven
 *     decimals, outer rings anticlockwise, cut at the antimeridian
 * @param areaM2 square metres of the pixels
 */
public record Outline(String geometry, double areaM2) {}
