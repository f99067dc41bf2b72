package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.Modality;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of one band of an asset become reflectance: what the item states, or what its
 * archive is known to mean where it states nothing.
 *
 * <p>Stated are {@code raster:bands} (STAC 1.0) or the fields of {@code bands} and of the asset
 * itself (STAC 1.1). Where neither states a scale:
 *
 * <ul>
 *   <li>Sentinel-2 numbers are 10,000 times the reflectance, from processing baseline 04.00 on plus
 *       1,000; without a baseline, or with 99.99, the item is not usable.
 *   <li>Landsat Collection 2 level-2 numbers have scale 2.75e-5 and offset -0.2.
 *   <li>Anything else is reflectance already, or backscatter in the unit that is stated ({@link
 *       RadarScenes#written}).
 * </ul>
 *
 * Earth Search states the offset of the original numbers even where it has applied it to the
 * pixels: its flag {@code earthsearch:boa_offset_applied} takes precedence. That the flag itself
 * can be wrong is not found out here.
 */
final class BandReading {
  private static final double SENTINEL_2_SCALE = 1e-4;
  private static final double SENTINEL_2_OFFSET = -0.1;
  private static final String FIRST_WITH_OFFSET = "04.00";

  /** What others than the agency put on products of their own; it says nothing of the offset. */
  private static final String OF_ANOTHER_PROCESSOR = "99.99";

  private static final double LANDSAT_SCALE = 2.75e-5;
  private static final double LANDSAT_OFFSET = -0.2;

  private final ProductIdentity identity;
  private final JsonNode properties;
  private final JsonNode asset;
  private final JsonNode raster;
  private final JsonNode band;
  private final int index;

  /**
   * @param index position of the band in the asset, from 0
   */
  BandReading(ProductIdentity identity, JsonNode properties, JsonNode asset, int index) {
    this.identity = identity;
    this.properties = properties;
    this.asset = asset;
    this.raster = asset.path("raster:bands").path(index);
    this.band = asset.path("bands").path(index);
    this.index = index;
  }

  ItemAssets.Band band(ItemAssets.Asset file, BandMeaning meaning) {
    Double scale = stated("scale");
    Double offset = stated("offset");
    if (scale == null && offset == null) {
      return archived(file, meaning);
    }
    boolean applied = properties.path("earthsearch:boa_offset_applied").asBoolean(false);
    double shift = offset == null || applied ? 0 : offset;
    return reading(file, meaning, scale == null ? 1 : scale, shift, nodata());
  }

  private ItemAssets.Band archived(ItemAssets.Asset file, BandMeaning meaning) {
    Double nodata = nodata();
    Double zero = nodata == null ? Double.valueOf(0) : nodata;
    if (identity.sensor().equals(KnownBands.SENTINEL_2)) {
      return reading(file, meaning, SENTINEL_2_SCALE, sentinelOffset(), zero);
    }
    String correction = Fields.textOr(properties, "landsat:correction", "");
    if (identity.sensor().startsWith("landsat") && correction.startsWith("L2")) {
      return reading(file, meaning, LANDSAT_SCALE, LANDSAT_OFFSET, zero);
    }
    return reading(file, meaning, 1, 0, nodata);
  }

  private ItemAssets.Band reading(
      ItemAssets.Asset file,
      BandMeaning meaning,
      double scale,
      double offset,
      @Nullable Double nodata) {
    if (scale == 0) {
      throw Fields.invalid("The scale of " + meaning.name() + " is 0.");
    }
    Backscatter backscatter =
        meaning.modality() == Modality.RADAR ? RadarScenes.written(unit(), meaning.name()) : null;
    return new ItemAssets.Band(file, index + 1, meaning, scale, offset, nodata, backscatter);
  }

  private double sentinelOffset() {
    String baseline = identity.processingBaseline();
    if (baseline == null
        || !baseline.matches("\\d{2}\\.\\d{2}")
        || baseline.equals(OF_ANOTHER_PROCESSOR)) {
      throw Fields.invalid(
          "The item states neither scale and offset (raster:bands) nor a processing baseline that"
              + " tells them (99.99 is another processor's), so its numbers cannot be turned into"
              + " reflectance. Add either.");
    }
    return baseline.compareTo(FIRST_WITH_OFFSET) >= 0 ? SENTINEL_2_OFFSET : 0;
  }

  private @Nullable Double stated(String field) {
    Double number = Fields.number(raster, field);
    if (number == null) {
      number = Fields.number(band, "raster:" + field);
    }
    return number == null ? Fields.number(asset, "raster:" + field) : number;
  }

  private @Nullable String unit() {
    for (JsonNode node : new JsonNode[] {raster, band, asset}) {
      String unit = Fields.text(node, "unit");
      if (unit != null) {
        return unit;
      }
    }
    return null;
  }

  private @Nullable Double nodata() {
    for (JsonNode node : new JsonNode[] {raster, band, asset}) {
      Double number = Fields.number(node, "nodata");
      if (number != null) {
        return number;
      }
    }
    return null;
  }
}
