package io.landshift.model.inference;

import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import org.jspecify.annotations.Nullable;

/**
 * The pixels from which a chunk is encoded.
 *
 * <p>Holds the caller's arrays without a copy; they must not change while the chunk is encoded.
 */
public final class ChunkInput {
  private final WindowPlan plan;
  private final PixelRegion region;
  private final float[] @Nullable [] bands;
  private final boolean @Nullable [] valid;

  /**
   * Pixels of a region around a chunk.
   *
   * @param plan the windows of the chunk
   * @param region where the pixels lie on the grid. It should cover the plan's read region as far
   *     as the scene has pixels there; outside it the encoder sees 0 and the chunk's pixels are not
   *     valid
   * @param bands one array per band of the manifest, [row][column] of the region in the band's
   *     physical unit, NaN where there is no data; null where the scene lacks the band
   * @param valid [row][column] of the chunk, false where a pixel is not valid for another reason;
   *     null marks none
   * @throws IllegalArgumentException if an array's length does not fit
   */
  public ChunkInput(
      WindowPlan plan, PixelRegion region, float[] @Nullable [] bands, boolean @Nullable [] valid) {
    for (float[] band : bands) {
      if (band != null && band.length != region.area()) {
        throw new IllegalArgumentException(
            "a band has %d pixels, the region %s has %d"
                .formatted(band.length, region, region.area()));
      }
    }
    if (valid != null && valid.length != plan.chunk().area()) {
      throw new IllegalArgumentException("the valid mask must have the chunk's size");
    }
    this.plan = plan;
    this.region = region;
    this.bands = bands;
    this.valid = valid;
  }

  /** The windows of the chunk. */
  public WindowPlan plan() {
    return plan;
  }

  /** Which bands the scene has. */
  public boolean[] presence() {
    boolean[] presence = new boolean[bands.length];
    for (int band = 0; band < bands.length; band++) {
      presence[band] = bands[band] != null;
    }
    return presence;
  }

  PixelRegion region() {
    return region;
  }

  float[] @Nullable [] bands() {
    return bands;
  }

  boolean @Nullable [] valid() {
    return valid;
  }
}
