package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;

/**
 * Looks at rasters and reads small ones whole. Thread-safe: every call opens and closes its own.
 */
public final class Rasters {
  /** One Sentinel-2 tile at 10 m, and a little more: half a gigabyte. */
  private static final int MOST_AT_ONCE = 1 << 27;

  private Rasters() {}

  /**
   * What the raster says of itself; no pixel is decoded.
   *
   * @throws io.landshift.schemas.LandshiftException HREF_REFUSED, ASSET_MISSING, ASSET_UNREADABLE
   *     or LIMIT_EXCEEDED
   */
  public static RasterInfo inspect(String href, RasterRules rules) {
    try (OpenRaster raster = OpenRaster.open(href, rules)) {
      return raster.info();
    }
  }

  /**
   * One whole band as float32, row by row, NaN where it equals the raster's nodata number.
   *
   * @param band from 1
   * @return width * height numbers, at most 2^27
   * @throws io.landshift.schemas.LandshiftException as {@link #inspect}, and BAND_MISSING
   */
  public static float[] readAll(String href, int band, RasterRules rules) {
    try (OpenRaster raster = OpenRaster.open(href, rules);
        ResidentBlocks blocks =
            new ResidentBlocks(raster, RasterBand.of(href, band), new DecodeCounter())) {
      RasterInfo info = raster.info();
      if ((long) info.width() * info.height() > MOST_AT_ONCE) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED, "too large to be read whole: " + href);
      }
      float[] numbers = new float[info.width() * info.height()];
      for (int row = 0; row < info.height(); row++) {
        blocks.dropAbove(row);
        blocks.row(row, 0, info.width(), blocks.plain(), numbers, row * info.width());
      }
      return numbers;
    }
  }

  /**
   * Decodes every block of a band once, row by row of blocks, and keeps nothing: what reading costs
   * at least. For measurements.
   *
   * @param band from 1
   * @return how many blocks were decoded
   * @throws io.landshift.schemas.LandshiftException as {@link #inspect}, BAND_MISSING, and
   *     ASSET_UNREADABLE where a block does not decode
   */
  public static int decodeAll(String href, int band, RasterRules rules) {
    try (OpenRaster raster = OpenRaster.open(href, rules)) {
      BandInfo info = raster.band(band);
      int width = info.blockWidth();
      int height = info.blockHeight();
      byte[] block = new byte[Math.multiplyExact(width * height, info.type().bytes())];
      int blocks = 0;
      for (int y = 0; y < raster.info().height(); y += height) {
        for (int x = 0; x < raster.info().width(); x += width) {
          int across = Math.min(width, raster.info().width() - x);
          int down = Math.min(height, raster.info().height() - y);
          raster.read(band, x, y, across, down, block);
          blocks++;
        }
      }
      return blocks;
    }
  }
}
