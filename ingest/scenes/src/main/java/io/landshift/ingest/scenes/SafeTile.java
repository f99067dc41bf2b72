package io.landshift.ingest.scenes;

import io.landshift.ingest.raster.Extent;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the granule metadata of a Sentinel-2 SAFE product says ({@code MTD_TL.xml}); immutable.
 *
 * @param tile {@code 33TWL}
 * @param datastripStart when the telemetry that it was cut from begins; null where not stated
 * @param extent of the tile, in its UTM zone
 */
record SafeTile(String tile, @Nullable Instant datastripStart, Extent extent) {
  private static final Pattern TILE =
      Pattern.compile("_T(\\d{2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V])");
  private static final int FINEST = 10;

  /**
   * @throws io.landshift.schemas.LandshiftException METADATA_INVALID where something needed is
   *     missing or not usable
   */
  static SafeTile of(SafeXml xml) {
    Matcher tile = TILE.matcher(xml.required("TILE_ID", "TILE_ID_2A"));
    if (!tile.find()) {
      throw xml.invalid("names no MGRS tile");
    }
    String crs = xml.required("HORIZONTAL_CS_CODE");
    if (!crs.matches("EPSG:32[67]\\d{2}")) {
      throw xml.invalid("is not in a UTM zone: " + (crs.length() > 40 ? "too long" : crs));
    }
    double left = number(xml, "Geoposition", "ULX");
    double top = number(xml, "Geoposition", "ULY");
    double width = number(xml, "Size", "NCOLS") * FINEST;
    double height = number(xml, "Size", "NROWS") * FINEST;
    return new SafeTile(
        tile.group(1),
        ProductIdentity.datastripStart(xml.text("DATASTRIP_ID", "DATASTRIP_ID_2A")),
        new Extent(crs, left, top - height, left + width, top));
  }

  /** A number of the element that speaks of pixels of 10 m. */
  private static double number(SafeXml xml, String parent, String tag) {
    for (var element : xml.all(parent)) {
      if (element.getAttribute("resolution").equals(String.valueOf(FINEST))) {
        for (var number : SafeXml.within(element, tag)) {
          try {
            return Double.parseDouble(number.getTextContent().strip());
          } catch (NumberFormatException e) {
            throw xml.invalid("states a " + tag + " that is not a number");
          }
        }
      }
    }
    throw xml.invalid("states no " + tag + " of pixels of 10 m");
  }
}
