package io.landshift.training.onnx.spectral;

import static io.landshift.training.onnx.spectral.SpectralRules.*;

/**
 * What the graphs of spectral-baseline compute, pixel by pixel in plain Java: the readable form of
 * the rules, and the source of the self-test's expected results. Immutable.
 *
 * <p>Absent bands and the features made of them are 0 in all arrays.
 */
final class SpectralFormulas {
  private final SpectralSettings settings;

  SpectralFormulas(SpectralSettings settings) {
    this.settings = settings;
  }

  /** Reflectances and indices of a pixel. */
  static double[] features(double[] bands, boolean[] presence) {
    double[] features = new double[FEATURES];
    for (int band = 0; band < BANDS; band++) {
      features[band] = presence[band] ? bands[band] : 0;
    }
    // Where there is no narrow near infrared, the broad one stands in.
    double narrow = presence[NIR08] ? bands[NIR08] : bands[NIR];
    features[NDVI] = storedIndex(bands[NIR], bands[RED]);
    features[NDMI] = presence[SWIR16] ? storedIndex(narrow, bands[SWIR16]) : 0;
    features[NBR] = presence[SWIR22] ? storedIndex(bands[NIR], bands[SWIR22]) : 0;
    return features;
  }

  /**
   * (a - b) / (a + b) of the stored reflectances, rounded to a stored step in exact integers: no
   * machine's floating point can decide a tie. 0 where a + b is not above 0.
   */
  static double storedIndex(double a, double b) {
    long first = steps(a);
    long second = steps(b);
    long sum = first + second;
    if (sum <= 0) {
      return 0;
    }
    long q = Math.floorDiv(2L * STEPS_OF_ONE * (first - second) + sum, 2 * sum);
    return Math.max(-STEPS_OF_ONE, Math.min(STEPS_OF_ONE, q)) * STEP;
  }

  /** A reflectance in stored steps. */
  static long steps(double reflectance) {
    long q = (long) Math.floor(reflectance / STEP + 0.5);
    return Math.max(-Short.MAX_VALUE, Math.min(Short.MAX_VALUE, q));
  }

  /** (a - b) / (a + b), -1..1; 0 where both are 0. */
  static double index(double a, double b) {
    return clip((a - b) / Math.max(a + b, MIN_SUM), 1);
  }

  /** Probabilities of the classes. */
  double[] probabilities(double[] features, boolean[] presence) {
    double visible = mean(features, presence, BLUE, GREEN, RED);
    double ndvi = features[NDVI];
    double ndwi = presence[GREEN] ? index(features[GREEN], features[NIR]) : -ndvi;
    double ndsi =
        presence[GREEN] && presence[SWIR16] ? index(features[GREEN], features[SWIR16]) : 0;
    double snowKnown = presence[GREEN] && presence[SWIR16] ? MAX_EVIDENCE : -MAX_EVIDENCE;
    double white =
        presence[BLUE]
            ? CLOUD_WHITE.of(features[BLUE] - WHITE_BLUE_TO_RED * features[RED])
            : MAX_EVIDENCE;
    double vegetation = (ndvi - settings.vegetationNdvi()) / NDVI_SCALE;
    double[] evidence = new double[CLASSES];
    evidence[WATER] = Math.min(WATER_NDWI.of(ndwi), WATER_NIR.of(features[NIR]));
    evidence[VEGETATION] = Math.min(vegetation, VEGETATION_VISIBLE.of(visible));
    evidence[BARE] =
        min(-vegetation, BARE_NDWI.of(ndwi), BARE_VISIBLE.of(visible), LAND_NDSI.of(ndsi));
    evidence[BRIGHT] =
        min(
            BRIGHT_NDVI.of(ndvi),
            BRIGHT_VISIBLE.of(visible),
            BRIGHT_NOT_CLOUD.of(visible),
            LAND_NDSI.of(ndsi));
    evidence[SNOW] =
        min(SNOW_NDSI.of(ndsi), SNOW_VISIBLE.of(visible), SNOW_NIR.of(features[NIR]), snowKnown);
    evidence[CLOUD] =
        min(
            CLOUD_VISIBLE.of(visible),
            CLOUD_NDSI_LOW.of(ndsi),
            CLOUD_NDSI_HIGH.of(ndsi),
            CLOUD_NDVI.of(ndvi),
            white);
    return softmax(evidence);
  }

  /**
   * Loss of vegetation: root mean square of the one-sided deviations of the indices, in standard
   * deviations, times a factor. NaN where the reference shows no vegetation.
   */
  double vegetationLoss(double[] current, double[] centre, double[] spread, boolean[] presence) {
    if (centre[NDVI] < (float) settings.minReferenceNdvi()) {
      return Double.NaN;
    }
    boolean[] exists = {true, presence[SWIR16], presence[SWIR22]};
    double sum = 0;
    int count = 0;
    for (int index = 0; index < INDICES; index++) {
      if (exists[index]) {
        int feature = BANDS + index;
        double drop = Math.max(0, centre[feature] - current[feature]);
        sum += drop * drop / variance(spread, feature);
        count++;
      }
    }
    return settings.lossFactor() * Math.sqrt(sum / count);
  }

  /**
   * Change of any kind: the squared length of the whitened change of the k present reflectances is
   * chi-square distributed; its cube root is nearly normal (Wilson and Hilferty 1931), which gives
   * standard deviations for any k.
   */
  double genericChange(double[] current, double[] centre, double[] spread, boolean[] presence) {
    double sum = 0;
    int k = 0;
    for (int band = 0; band < BANDS; band++) {
      if (presence[band]) {
        double difference = centre[band] - current[band];
        sum += difference * difference / variance(spread, band);
        k++;
      }
    }
    double variance = 2.0 / (9 * k);
    double cubeRoot =
        StrictMath.cbrt(sum / (settings.genericInflation() * settings.genericInflation()) / k);
    return Math.max(0, (cubeRoot - (1 - variance)) / Math.sqrt(variance));
  }

  private static double variance(double[] spread, int feature) {
    double floor = floor(feature);
    return spread[feature] * spread[feature] + floor * floor;
  }

  private static double mean(double[] features, boolean[] presence, int... bands) {
    double sum = 0;
    int count = 0;
    for (int band : bands) {
      if (presence[band]) {
        sum += features[band];
        count++;
      }
    }
    return sum / count;
  }

  private static double[] softmax(double[] evidence) {
    double[] probabilities = new double[evidence.length];
    double sum = 0;
    for (int index = 0; index < evidence.length; index++) {
      probabilities[index] = StrictMath.exp(SHARPNESS * clip(evidence[index], MAX_EVIDENCE));
      sum += probabilities[index];
    }
    for (int index = 0; index < evidence.length; index++) {
      probabilities[index] /= sum;
    }
    return probabilities;
  }

  private static double clip(double value, double limit) {
    return Math.max(-limit, Math.min(limit, value));
  }

  private static double min(double... values) {
    double smallest = values[0];
    for (double value : values) {
      smallest = Math.min(smallest, value);
    }
    return smallest;
  }
}
