package io.landshift.training.evaluation;

/**
 * The plain measures of change that a better one has to beat, on two dates of reflectance. Pure;
 * inputs are not changed; a pixel that is NaN in any input is NaN in the result.
 */
public final class Comparators {
  private Comparators() {}

  /**
   * Differenced normalised burn ratio, {@code (nir - swir22) / (nir + swir22)} before minus after
   * (Key and Benson 2006, FIREMON): positive where vegetation was lost.
   *
   * @param nirBefore near infrared reflectance, one value a pixel
   * @param swir22Before short-wave infrared reflectance at 2.2 um, one value a pixel
   * @param nirAfter of the same length
   * @param swir22After of the same length
   * @return -2..2 for reflectances of 0 or more; NaN where a sum of two bands is not positive
   */
  public static float[] differencedBurnRatio(
      float[] nirBefore, float[] swir22Before, float[] nirAfter, float[] swir22After) {
    int pixels = nirBefore.length;
    requireLength(pixels, swir22Before);
    requireLength(pixels, nirAfter);
    requireLength(pixels, swir22After);
    float[] difference = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      difference[i] =
          normalizedDifference(nirBefore[i], swir22Before[i])
              - normalizedDifference(nirAfter[i], swir22After[i]);
    }
    return difference;
  }

  /**
   * Length of the change vector in the space of all bands, Euclidean (Malila 1980): any change of
   * the spectrum, whatever its direction.
   *
   * @param before [band][pixel], reflectance
   * @param after the same bands and pixels
   * @return 0 or more, in reflectance
   */
  public static float[] changeVectorLength(float[][] before, float[][] after) {
    if (before.length == 0 || before.length != after.length) {
      throw new IllegalArgumentException(
          "the same bands are needed on both dates: " + before.length + " and " + after.length);
    }
    int pixels = before[0].length;
    float[] length = new float[pixels];
    double[] sum = new double[pixels];
    for (int band = 0; band < before.length; band++) {
      requireLength(pixels, before[band]);
      requireLength(pixels, after[band]);
      for (int i = 0; i < pixels; i++) {
        double difference = (double) after[band][i] - before[band][i];
        sum[i] += difference * difference;
      }
    }
    for (int i = 0; i < pixels; i++) {
      length[i] = (float) Math.sqrt(sum[i]);
    }
    return length;
  }

  private static float normalizedDifference(float first, float second) {
    float sum = first + second;
    return sum > 0 ? (first - second) / sum : Float.NaN;
  }

  private static void requireLength(int pixels, float[] plane) {
    if (plane.length != pixels) {
      throw new IllegalArgumentException(
          "planes differ in length: " + pixels + " and " + plane.length);
    }
  }
}
