package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;

/**
 * One band of one raster, read as if it lay on the target grid.
 *
 * <p>Windows are to be asked for from north to south. The reader keeps the decoded blocks of the
 * rows that the latest window needs, so that each block is decoded once, also where several windows
 * lie side by side; asking again for rows further north is allowed and decodes them again. What is
 * kept lies in the heap in the raster's own type: at most the rows of blocks under one window.
 *
 * <p>Owns a native handle and is not thread-safe: one reader, one thread at a time, and never a
 * virtual thread. GDAL itself runs on the calling thread only.
 */
public final class GridBand implements AutoCloseable {
  private final OpenRaster raster;
  private final ResidentBlocks blocks;
  private final Sampler sampler;
  private final Grid target;

  private GridBand(OpenRaster raster, ResidentBlocks blocks, Sampler sampler, Grid target) {
    this.raster = raster;
    this.blocks = blocks;
    this.sampler = sampler;
    this.target = target;
  }

  /** Gives the numbers of windows of the target grid. */
  interface Sampler extends AutoCloseable {
    /** True where some pixel of the window has its centre in the raster. */
    boolean overlaps(PixelWindow window);

    void read(PixelWindow window, float[] into);

    @Override
    void close();
  }

  /** As {@link #open(RasterBand, Grid, Resampling, RasterRules, DecodeCounter)}. */
  public static GridBand open(
      String href,
      int band,
      Grid target,
      Resampling resampling,
      RasterRules rules,
      DecodeCounter counter) {
    return open(RasterBand.of(href, band), target, resampling, rules, counter);
  }

  /** As the other, with numbers as the raster has them. */
  public static GridBand open(
      RasterBand source,
      Grid target,
      Resampling resampling,
      RasterRules rules,
      DecodeCounter counter) {
    return open(source, target, resampling, Conversion.NONE, rules, counter);
  }

  /**
   * Opens a band for reading on a grid. Where both are north-up in one CRS, numbers are found by
   * coordinates, and copied where the pixels are the same to a thousandth; otherwise the raster is
   * warped onto the grid.
   *
   * @param conversion what is made of the numbers after they have been brought to the grid
   * @param counter is told of every block that is decoded
   * @throws LandshiftException HREF_REFUSED, ASSET_MISSING, ASSET_UNREADABLE, LIMIT_EXCEEDED,
   *     BAND_MISSING; METADATA_INVALID where the raster or the grid has no CRS and the other has;
   *     NO_OVERLAP where no pixel of the grid has its centre in the raster
   */
  public static GridBand open(
      RasterBand source,
      Grid target,
      Resampling resampling,
      Conversion conversion,
      RasterRules rules,
      DecodeCounter counter) {
    OpenRaster raster = OpenRaster.open(source.href(), rules);
    try {
      RasterInfo placed = placed(raster.info(), source);
      ResidentBlocks blocks = new ResidentBlocks(raster, source, counter);
      Sampler sampler =
          placed.isNorthUp() && Crs.same(placed.crs(), target.getCrs())
              ? new LatticeSampler(placed, blocks, target, resampling, conversion)
              : WarpSampler.open(placed, blocks, target, resampling, conversion);
      PixelWindow whole = new PixelWindow(0, 0, target.getWidth(), target.getHeight());
      if (!sampler.overlaps(whole)) {
        sampler.close();
        throw new LandshiftException(
            FailureReason.NO_OVERLAP,
            "the raster does not touch the grid " + target.getCode() + ": " + source.href());
      }
      return new GridBand(raster, blocks, sampler, target);
    } catch (RuntimeException e) {
      raster.close();
      throw e;
    }
  }

  /**
   * Whether the raster reaches into a window of the target grid: whether some pixel of it has its
   * centre in the raster. Decodes nothing.
   */
  public boolean overlaps(PixelWindow window) {
    Windows.requireInside(window, target);
    return sampler.overlaps(window);
  }

  /** What the raster says of itself. */
  public RasterInfo info() {
    return raster.info();
  }

  /**
   * Reads a window row by row: numbers without scale and offset, converted as it was opened with.
   *
   * <p>NaN where the pixel's centre lies outside the raster or in a pixel without data. Bilinear
   * values leave neighbours without data out; where the raster is finer than the grid, a pixel is
   * the mean of the data under it, and NaN where more than half of it has none.
   *
   * @param window within the grid
   * @param into at least {@code width * height} numbers
   * @throws LandshiftException ASSET_UNREADABLE where a block does not decode
   */
  public void read(PixelWindow window, float[] into) {
    Windows.requireInside(window, target);
    if (into.length < (long) window.getWidth() * window.getHeight()) {
      throw new IllegalArgumentException("the window has more pixels than the array");
    }
    sampler.read(window, into);
  }

  @Override
  public void close() {
    sampler.close();
    blocks.close();
    raster.close();
  }

  private static RasterInfo placed(RasterInfo info, RasterBand source) {
    Extent place = source.place();
    return info.crs().isEmpty() && place != null ? info.placedAt(place) : info;
  }
}
