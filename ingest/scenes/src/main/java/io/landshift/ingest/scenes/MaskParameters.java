package io.landshift.ingest.scenes;

import java.io.Serializable;

/**
 * The constants of {@link CloudMask}; immutable. The defaults were chosen on measurement: on stable
 * forest they leave fewer than 3 % of what they call clear as outliers, where the scene
 * classification alone leaves 13 %.
 *
 * <p>Distances are metres on the ground and are rounded up to whole pixels of the grid, so that a
 * coarse grid grows a mask by at least one pixel. Reflectances are 0..1.
 *
 * @param cloudGrowthMetres how far clouds, cirrus and shadows are grown, as a square; 40 = 4 px of
 *     10 m
 * @param snowGrowthMetres how far snow is grown, as a square; 20 = 2 px of 10 m
 * @param hazeTest whether the haze test is made at all
 * @param hazeVegetationNdvi clear pixels at or above this NDVI are the date's vegetation
 * @param hazeMinimumVegetation no haze test where vegetation is less than this share of clear
 * @param hazeMinimumVegetationPixels nor where it is fewer pixels than this
 * @param hazeDarkPercentile percentile 0..100 of the vegetation's blue that is the date's dark
 * @param hazeDarkLimit the date's dark is at most this, so that haze over everything is still seen
 * @param hazeExcess hazy pixels are brighter in blue than the date's dark by at least this
 * @param hazeWhiteness and their blue is at least this share of their red
 * @param hazeGrowthMetres how far hazy pixels are grown, as a square
 * @param hazeDropShare a chunk with more than this share of its clear pixels hazy is dropped whole
 * @param minimumClearShare a chunk with less than this share of its seen pixels clear is dropped
 */
public record MaskParameters(
    double cloudGrowthMetres,
    double snowGrowthMetres,
    boolean hazeTest,
    double hazeVegetationNdvi,
    double hazeMinimumVegetation,
    int hazeMinimumVegetationPixels,
    int hazeDarkPercentile,
    double hazeDarkLimit,
    double hazeExcess,
    double hazeWhiteness,
    double hazeGrowthMetres,
    double hazeDropShare,
    double minimumClearShare)
    implements Serializable {

  /** The values that the spectral baseline was measured with. */
  public static final MaskParameters DEFAULT =
      new MaskParameters(40, 20, true, 0.4, 0.01, 25, 10, 0.04, 0.03, 0.9, 20, 0.5, 0.2);

  public MaskParameters {
    requireRange("cloudGrowthMetres", cloudGrowthMetres, 0, 10_000);
    requireRange("snowGrowthMetres", snowGrowthMetres, 0, 10_000);
    requireRange("hazeGrowthMetres", hazeGrowthMetres, 0, 10_000);
    requireRange("hazeVegetationNdvi", hazeVegetationNdvi, -1, 1);
    requireRange("hazeMinimumVegetation", hazeMinimumVegetation, 0, 1);
    requireRange("hazeMinimumVegetationPixels", hazeMinimumVegetationPixels, 1, Integer.MAX_VALUE);
    requireRange("hazeDarkPercentile", hazeDarkPercentile, 0, 100);
    requireRange("hazeDarkLimit", hazeDarkLimit, 0, 1);
    requireRange("hazeExcess", hazeExcess, 0, 1);
    requireRange("hazeWhiteness", hazeWhiteness, 0, 10);
    requireRange("hazeDropShare", hazeDropShare, 0, 1);
    requireRange("minimumClearShare", minimumClearShare, 0, 1);
  }

  /** These parameters with the haze test, and what follows from it, switched on or off. */
  public MaskParameters withHazeTest(boolean on) {
    return new MaskParameters(
        cloudGrowthMetres,
        snowGrowthMetres,
        on,
        hazeVegetationNdvi,
        hazeMinimumVegetation,
        hazeMinimumVegetationPixels,
        hazeDarkPercentile,
        hazeDarkLimit,
        hazeExcess,
        hazeWhiteness,
        hazeGrowthMetres,
        hazeDropShare,
        minimumClearShare);
  }

  /** These parameters with another least share of clear pixels; 0 never drops a chunk. */
  public MaskParameters withMinimumClearShare(double share) {
    return new MaskParameters(
        cloudGrowthMetres,
        snowGrowthMetres,
        hazeTest,
        hazeVegetationNdvi,
        hazeMinimumVegetation,
        hazeMinimumVegetationPixels,
        hazeDarkPercentile,
        hazeDarkLimit,
        hazeExcess,
        hazeWhiteness,
        hazeGrowthMetres,
        hazeDropShare,
        share);
  }

  /** Pixels by which clouds and shadows are grown on a grid of this pixel size in metres. */
  public int cloudGrowth(double pixelMetres) {
    return pixels(cloudGrowthMetres, pixelMetres);
  }

  /** Pixels by which snow is grown. */
  public int snowGrowth(double pixelMetres) {
    return pixels(snowGrowthMetres, pixelMetres);
  }

  /** Pixels by which haze is grown. */
  public int hazeGrowth(double pixelMetres) {
    return pixels(hazeGrowthMetres, pixelMetres);
  }

  /** Pixels that must be known around a chunk for its mask not to depend on the chunk's borders. */
  public int halo(double pixelMetres) {
    return Math.max(cloudGrowth(pixelMetres), snowGrowth(pixelMetres));
  }

  private static int pixels(double metres, double pixelMetres) {
    // A pixel of 9.9999 m must not turn 4 pixels into 5.
    return (int) Math.ceil(metres / pixelMetres - 1e-3);
  }

  private static void requireRange(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          "Mask parameter " + name + " must be within " + low + ".." + high + ", not " + value);
    }
  }
}
