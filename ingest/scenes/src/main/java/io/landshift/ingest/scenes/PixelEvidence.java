package io.landshift.ingest.scenes;

import org.jspecify.annotations.Nullable;

/**
 * What the pixels of a scene, or a part of it, say of its radiometry and of haze: counts only, so
 * that parts are merged without rounding and in any order. Immutable by convention: the arrays are
 * not copied.
 *
 * <p>Vegetation is found by what an offset common to all bands does not change: near infrared less
 * red of at least {@link #VEGETATION_CONTRAST}. Its reflectances are counted in bins of {@link
 * #BIN}; bin 0 holds what was raised to {@link SceneReader#LEAST_REFLECTANCE}, the last bin all
 * that is brighter.
 *
 * @param seen pixels with data
 * @param hazy pixels that the scene's mask calls clear and the haze test does not
 * @param clear pixels that are clear after all tests
 * @param vegetation pixels of vegetation among hazy and clear ones
 * @param histograms {@code [band][bin]}: blue, green, red and short-wave infrared (1.6 micrometres)
 *     of the vegetation; the last is empty where the band was not seen
 */
public record PixelEvidence(long seen, long hazy, long clear, long vegetation, int[] histograms) {
  /** Nothing was seen. */
  public static final PixelEvidence NONE =
      new PixelEvidence(0, 0, 0, 0, new int[PixelEvidence.BANDS * PixelEvidence.BINS]);

  static final int BLUE = 0;
  static final int GREEN = 1;
  static final int RED = 2;
  static final int SHORT_WAVE = 3;

  private static final int BANDS = 4;
  private static final int BINS = 102;

  /** Width of a bin of reflectance. */
  static final double BIN = 0.005;

  private static final double VEGETATION_CONTRAST = 0.15;

  /**
   * Counts the pixels of a window.
   *
   * @param quality codes after all tests
   * @param shortWave null where the scene has no such band
   */
  public static PixelEvidence of(
      byte[] quality,
      float[] blue,
      float[] green,
      float[] red,
      float[] nir,
      float @Nullable [] shortWave) {
    int[] histograms = new int[BANDS * BINS];
    long seen = 0;
    long hazy = 0;
    long clear = 0;
    long vegetation = 0;
    for (int p = 0; p < quality.length; p++) {
      byte code = quality[p];
      seen += code == Quality.NODATA ? 0 : 1;
      hazy += code == Quality.HAZE ? 1 : 0;
      clear += code == Quality.CLEAR ? 1 : 0;
      boolean usable = code == Quality.HAZE || code == Quality.CLEAR;
      if (usable && nir[p] - red[p] >= VEGETATION_CONTRAST) {
        vegetation++;
        histograms[BLUE * BINS + bin(blue[p])]++;
        histograms[GREEN * BINS + bin(green[p])]++;
        histograms[RED * BINS + bin(red[p])]++;
        if (shortWave != null && !Float.isNaN(shortWave[p])) {
          histograms[SHORT_WAVE * BINS + bin(shortWave[p])]++;
        }
      }
    }
    return new PixelEvidence(seen, hazy, clear, vegetation, histograms);
  }

  private static int bin(float reflectance) {
    if (reflectance <= SceneReader.LEAST_REFLECTANCE) {
      return 0;
    }
    return Math.min(BINS - 1, 1 + (int) (reflectance / BIN));
  }

  /** Both together. */
  public PixelEvidence plus(PixelEvidence other) {
    int[] sum = histograms.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other.histograms[i];
    }
    return new PixelEvidence(
        seen + other.seen,
        hazy + other.hazy,
        clear + other.clear,
        vegetation + other.vegetation,
        sum);
  }

  boolean hasShortWave() {
    return count(SHORT_WAVE) > 0;
  }

  private long count(int band) {
    long count = 0;
    for (int bin = 0; bin < BINS; bin++) {
      count += histograms[band * BINS + bin];
    }
    return count;
  }

  /** Lower edge of the bin in which the darkest tenth of the vegetation ends; 0 where none is. */
  double darkest(int band) {
    long needed = (count(band) + 9) / 10;
    long passed = 0;
    for (int bin = 0; bin < BINS; bin++) {
      passed += histograms[band * BINS + bin];
      if (passed >= needed && passed > 0) {
        return Math.max(0, bin - 1) * BIN;
      }
    }
    return 0;
  }

  /** Share of the vegetation that was raised to the least reflectance, 0..1. */
  double blackShare(int band) {
    long count = count(band);
    return count == 0 ? 0 : (double) histograms[band * BINS] / count;
  }
}
