package io.landshift.training.onnx.spectral;

/**
 * The constants of spectral-baseline. Reflectances are 0..1, indices -1..1.
 *
 * <p>Constants of the scores were chosen on a forest series of 140 dates (the manifest's
 * calibration names it) and lie on a plateau. Class rules follow the usual index thresholds: NDWI
 * above 0 is water (McFeeters 1996), NDSI above 0.42 is snow (Dozier 1989), NDVI above 0.4 is green
 * vegetation.
 */
final class SpectralRules {
  /** Input bands in the order of the tensor. */
  static final int BLUE = 0;

  static final int GREEN = 1;
  static final int RED = 2;
  static final int NIR = 3;
  static final int NIR08 = 4;
  static final int SWIR16 = 5;
  static final int SWIR22 = 6;
  static final int BANDS = 7;

  /** Features: the bands, then three indices. */
  static final int NDVI = 7;

  static final int NDMI = 8;
  static final int NBR = 9;
  static final int FEATURES = 10;
  static final int INDICES = FEATURES - BANDS;

  /** Value of one step of a stored feature. */
  static final double STEP = 1e-4;

  /** Steps of an index of 1. */
  static final int STEPS_OF_ONE = 10_000;

  /** Below this sum of two reflectances an index means nothing. */
  static final double MIN_SUM = 1e-4;

  /**
   * Smallest spread of each feature: what the sensor and the mask leave even on unchanged ground.
   */
  private static final float[] FLOORS = {
    0.01f, 0.01f, 0.01f, 0.04f, 0.04f, 0.02f, 0.015f, 0.04f, 0.04f, 0.04f
  };

  /** Classes in the order of the probabilities. */
  static final int WATER = 0;

  static final int VEGETATION = 1;
  static final int BARE = 2;
  static final int BRIGHT = 3;
  static final int SNOW = 4;
  static final int CLOUD = 5;
  static final int CLASSES = 6;

  /** Evidence is limited to so many margins, then multiplied: the logit. */
  static final double MAX_EVIDENCE = 8;

  static final double SHARPNESS = 2;

  private SpectralRules() {}

  /** Smallest spread of a feature. */
  static float floor(int feature) {
    return FLOORS[feature];
  }

  /**
   * A threshold and how far beyond it one unit of evidence lies.
   *
   * @param threshold where the evidence is 0
   * @param scale positive where larger values speak for the class, negative where smaller do
   */
  record Margin(double threshold, double scale) {
    double of(double value) {
      return (value - threshold) / scale;
    }
  }

  /** Soil and roofs reflect far less in the blue than in the red, clouds and haze do not. */
  static final double WHITE_BLUE_TO_RED = 0.85;

  static final Margin WATER_NDWI = new Margin(0.05, 0.1);
  static final Margin WATER_NIR = new Margin(0.15, -0.03);
  static final double NDVI_SCALE = 0.1;
  static final Margin VEGETATION_VISIBLE = new Margin(0.2, -0.04);
  static final Margin BARE_NDWI = new Margin(0.05, -0.1);
  static final Margin BARE_VISIBLE = new Margin(0.18, -0.04);
  static final Margin BRIGHT_NDVI = new Margin(0.35, -0.1);
  static final Margin BRIGHT_VISIBLE = new Margin(0.16, 0.04);
  static final Margin BRIGHT_NOT_CLOUD = new Margin(0.26, -0.04);
  static final Margin LAND_NDSI = new Margin(0.3, -0.1);
  static final Margin SNOW_NDSI = new Margin(0.42, 0.1);
  static final Margin SNOW_VISIBLE = new Margin(0.12, 0.03);
  static final Margin SNOW_NIR = new Margin(0.11, 0.03);
  static final Margin CLOUD_VISIBLE = new Margin(0.2, 0.04);
  static final Margin CLOUD_NDSI_LOW = new Margin(-0.2, 0.1);
  static final Margin CLOUD_NDSI_HIGH = new Margin(0.42, -0.1);
  static final Margin CLOUD_NDVI = new Margin(0.45, -0.1);
  static final Margin CLOUD_WHITE = new Margin(0, 0.02);
}
