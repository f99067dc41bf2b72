package io.landshift.training.samples;

import io.landshift.ingest.scenes.Quality;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One date of a place. Not copied on the way in or out: arrays belong to the sample and are not
 * changed once it is made.
 */
public final class Look {
  /** What the numbers of the bands are. */
  public enum Unit {
    /** Surface or top-of-atmosphere reflectance, 0..1 and somewhat more. */
    REFLECTANCE,
    /** Counts of a sensor brought to 0..1: comparable within their set only. */
    RELATIVE
  }

  private final @Nullable Instant time;
  private final Unit unit;
  private final List<String> bands;
  private final int width;
  private final int height;
  private final float[] @Nullable [] planes;
  private final byte[] quality;

  /**
   * @param time when it was sensed, or null where nobody says
   * @param bands common names, in the order of the planes
   * @param planes {@code [band][row * width + column]}, NaN where there is no data, null where the
   *     look lacks the band
   * @param quality {@code [row * width + column]}, codes of {@link Quality}
   * @throws IllegalArgumentException where lengths do not fit
   */
  public Look(
      @Nullable Instant time,
      Unit unit,
      List<String> bands,
      int width,
      int height,
      float[] @Nullable [] planes,
      byte[] quality) {
    int pixels = Math.multiplyExact(width, height);
    boolean fits =
        bands.size() == planes.length
            && quality.length == pixels
            && Arrays.stream(planes).allMatch(plane -> plane == null || plane.length == pixels);
    if (!fits) {
      throw new IllegalArgumentException(
          "%d x %d pixels of %s need as many planes of that size".formatted(width, height, bands));
    }
    this.time = time;
    this.unit = unit;
    this.bands = List.copyOf(bands);
    this.width = width;
    this.height = height;
    this.planes = planes;
    this.quality = quality;
  }

  /** A look on whose pixels nothing is known but where they have no data: clear elsewhere. */
  static Look clear(
      @Nullable Instant time,
      Unit unit,
      List<String> bands,
      int width,
      int height,
      float[] @Nullable [] planes) {
    byte[] quality = new byte[Math.multiplyExact(width, height)];
    Arrays.fill(quality, Quality.CLEAR);
    for (float[] plane : planes) {
      for (int pixel = 0; plane != null && pixel < quality.length; pixel++) {
        quality[pixel] = Float.isNaN(plane[pixel]) ? Quality.NODATA : quality[pixel];
      }
    }
    return new Look(time, unit, bands, width, height, planes, quality);
  }

  public @Nullable Instant time() {
    return time;
  }

  public Unit unit() {
    return unit;
  }

  /** Common names in the order of the planes. */
  public List<String> bands() {
    return bands;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** {@code [band][row * width + column]}; null where the look lacks the band. */
  public float[] @Nullable [] planes() {
    return planes;
  }

  /**
   * The plane of a band.
   *
   * @param commonName one of {@link #bands}
   * @throws IllegalArgumentException where the look lacks it
   */
  public float[] plane(String commonName) {
    int index = bands.indexOf(commonName);
    float[] plane = index < 0 ? null : planes[index];
    if (plane == null) {
      throw new IllegalArgumentException("the look has no band " + commonName);
    }
    return plane;
  }

  /** {@code [row * width + column]}, codes of {@link Quality}. */
  public byte[] quality() {
    return quality;
  }

  /** The same with a mask over what has data. */
  Look masked(byte[] mask) {
    byte[] judged = quality.clone();
    for (int pixel = 0; pixel < judged.length; pixel++) {
      // Where the mask knows nothing, the pixel is not known to be clear.
      byte code = mask[pixel] == Quality.NODATA ? Quality.OTHER : mask[pixel];
      judged[pixel] = judged[pixel] == Quality.NODATA ? Quality.NODATA : code;
    }
    return new Look(time, unit, bands, width, height, planes, judged);
  }

  Look withPlanes(float[] @Nullable [] others) {
    return new Look(time, unit, bands, width, height, others, quality);
  }
}
