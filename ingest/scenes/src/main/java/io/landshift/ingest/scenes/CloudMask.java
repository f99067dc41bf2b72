package io.landshift.ingest.scenes;

import java.util.Arrays;
import java.util.List;

/**
 * What is clear: the Sen2Cor scene classification grown, and a haze test on the single date. Pure
 * functions on row-major arrays; thread-safe.
 *
 * <p>Classes (Sen2Cor scene classification): clear are 4 vegetation, 5 not vegetated and 6 water.
 * Class 7 (unclassified) and 2 (dark) are never clear, but are not grown. 8, 9, 10 (cloud, cirrus)
 * and 3 (cloud shadow) are grown, 11 (snow) is grown less. 0 is nodata, 1 (saturated) is masked.
 * Anything else is masked. Where several hold, the first of: nodata, saturated, cloud, shadow,
 * snow, other.
 */
public final class CloudMask {
  private static final int HIGHEST_CLASS = 11;
  private static final int STEPS = 10_000;
  private static final float CLEAR_CLASS = 5;
  private static final float UNCLASSIFIED = 7;
  private static final float CLOUD_CLASS = 9;
  private static final float CIRRUS_CLASS = 10;
  private static final float SNOW_CLASS = 11;
  private static final int QA60_CLOUD = 1 << 10;
  private static final int QA60_CIRRUS = 1 << 11;
  private static final int UNKNOWN_CLOUD = 255;

  private CloudMask() {}

  /**
   * Quality codes of a window, from scene classes that are known with a halo around it.
   *
   * @param classes row-major, {@code width * height} with the halo; NaN where not known
   * @param left columns of halo to the left of the window
   * @param top rows of halo above the window
   * @param innerWidth columns of the window
   * @param innerHeight rows of the window
   * @param cloudGrowth pixels by which cloud and shadow are grown
   * @param snowGrowth pixels by which snow is grown
   * @return {@link Quality} codes of the window, {@code innerWidth * innerHeight}
   */
  public static byte[] fromSceneClassification(
      float[] classes,
      int width,
      int height,
      int left,
      int top,
      int innerWidth,
      int innerHeight,
      int cloudGrowth,
      int snowGrowth) {
    boolean[] cloud = Dilation.square(classesBetween(classes, 8, 10), width, height, cloudGrowth);
    boolean[] shadow = Dilation.square(classesBetween(classes, 3, 3), width, height, cloudGrowth);
    boolean[] snow = Dilation.square(classesBetween(classes, 11, 11), width, height, snowGrowth);
    byte[] quality = new byte[innerWidth * innerHeight];
    for (int y = 0; y < innerHeight; y++) {
      for (int x = 0; x < innerWidth; x++) {
        int at = (y + top) * width + x + left;
        quality[y * innerWidth + x] = quality(classes[at], cloud[at], shadow[at], snow[at]);
      }
    }
    return quality;
  }

  /**
   * Scene classes from the bands of a Sentinel-2 {@code MSK_CLASSI_B00}, so that its clouds and
   * snow are grown as those of the scene classification are. Where several are set, the first of
   * opaque cloud, cirrus and snow counts. It knows no shadow, and dark pixels are clear.
   *
   * @param bands opaque cloud, cirrus and snow, each 1 where set, 0 where not and NaN where not
   *     known
   * @return classes for {@link #fromSceneClassification}; any other number is unclassified
   */
  public static float[] classesOfCloudClassification(List<float[]> bands) {
    float[] opaque = bands.get(0);
    float[] cirrus = bands.get(1);
    float[] snow = bands.get(2);
    float[] classes = new float[opaque.length];
    for (int i = 0; i < classes.length; i++) {
      if (Float.isNaN(opaque[i] + cirrus[i] + snow[i])) {
        classes[i] = Float.NaN;
      } else if (opaque[i] == 1) {
        classes[i] = CLOUD_CLASS;
      } else if (cirrus[i] == 1) {
        classes[i] = CIRRUS_CLASS;
      } else if (snow[i] == 1) {
        classes[i] = SNOW_CLASS;
      } else {
        boolean none = opaque[i] == 0 && cirrus[i] == 0 && snow[i] == 0;
        classes[i] = none ? CLEAR_CLASS : UNCLASSIFIED;
      }
    }
    return classes;
  }

  /**
   * Scene classes from a Sentinel-2 {@code QA60} band: bit 10 is opaque cloud, bit 11 is cirrus.
   *
   * @return classes for {@link #fromSceneClassification}; NaN stays NaN, and what is not a whole
   *     number of 16 bits is unclassified
   */
  public static float[] classesOfQa60(float[] numbers) {
    float[] classes = new float[numbers.length];
    for (int i = 0; i < classes.length; i++) {
      int bits = (int) numbers[i];
      if (Float.isNaN(numbers[i])) {
        classes[i] = Float.NaN;
      } else if (bits != numbers[i] || bits < 0 || bits > 0xffff) {
        classes[i] = UNCLASSIFIED;
      } else if ((bits & QA60_CLOUD) != 0) {
        classes[i] = CLOUD_CLASS;
      } else {
        classes[i] = (bits & QA60_CIRRUS) != 0 ? CIRRUS_CLASS : CLEAR_CLASS;
      }
    }
    return classes;
  }

  /**
   * Scene classes from a mask that is 1 where cloudy, 0 where not, and 255 or NaN where not known.
   *
   * @return classes for {@link #fromSceneClassification}; any other number is unclassified
   */
  public static float[] classesOfCloud(float[] cloud) {
    float[] classes = new float[cloud.length];
    for (int i = 0; i < classes.length; i++) {
      if (Float.isNaN(cloud[i]) || cloud[i] == UNKNOWN_CLOUD) {
        classes[i] = Float.NaN;
      } else if (cloud[i] == 1) {
        classes[i] = CLOUD_CLASS;
      } else {
        classes[i] = cloud[i] == 0 ? CLEAR_CLASS : UNCLASSIFIED;
      }
    }
    return classes;
  }

  /**
   * Quality codes from a mask that is 1 where clear, 0 where not, and NaN where not known.
   *
   * @return {@link Quality#CLEAR}, {@link Quality#OTHER} or {@link Quality#NODATA} per pixel
   */
  public static byte[] fromClear(float[] clear) {
    byte[] quality = new byte[clear.length];
    for (int i = 0; i < quality.length; i++) {
      byte known = clear[i] == 1 ? Quality.CLEAR : Quality.OTHER;
      quality[i] = Float.isNaN(clear[i]) ? Quality.NODATA : known;
    }
    return quality;
  }

  private static byte quality(float sceneClass, boolean cloud, boolean shadow, boolean snow) {
    // A class is a small whole number; resampled or lossy masks hold others, which are not clear.
    if (Float.isNaN(sceneClass) || sceneClass == 0) {
      return Quality.NODATA;
    }
    if (sceneClass == 1) {
      return Quality.OTHER;
    }
    if (cloud) {
      return Quality.CLOUD;
    }
    if (shadow) {
      return Quality.SHADOW;
    }
    if (snow) {
      return Quality.SNOW;
    }
    return sceneClass == 4 || sceneClass == 5 || sceneClass == 6 ? Quality.CLEAR : Quality.OTHER;
  }

  private static boolean[] classesBetween(float[] classes, int first, int last) {
    boolean[] mask = new boolean[classes.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = classes[i] >= first && classes[i] <= last && classes[i] <= HIGHEST_CLASS;
    }
    return mask;
  }

  /**
   * The quality of one chunk of one date after the haze test: clear pixels that are white and
   * brighter in blue than the date's dark vegetation become haze, grown within what is clear; a
   * chunk that is mostly like that becomes haze wherever it was clear.
   *
   * <p>Per chunk by definition: the dark vegetation is that of the chunk. Reflectances are compared
   * in whole steps of 1e-4, so that no rounding decides and the result is that of the stored
   * features.
   *
   * @param quality codes before the test; not changed
   * @param blue reflectance, row-major; NaN where nodata
   * @param hazeGrowth pixels by which hazy pixels are grown
   * @return codes after the test
   */
  public static byte[] withHaze(
      byte[] quality,
      float[] blue,
      float[] red,
      float[] nir,
      int width,
      int height,
      int hazeGrowth,
      MaskParameters parameters) {
    int clear = Quality.count(quality, Quality.CLEAR);
    int dark = darkVegetation(quality, blue, red, nir, clear, parameters);
    if (dark < 0) {
      return quality;
    }
    boolean[] hazy = new boolean[quality.length];
    for (int i = 0; i < hazy.length; i++) {
      hazy[i] =
          quality[i] == Quality.CLEAR && isHazy(steps(blue[i]), steps(red[i]), dark, parameters);
    }
    boolean[] grown = Dilation.square(hazy, width, height, hazeGrowth);
    int count = 0;
    for (int i = 0; i < grown.length; i++) {
      grown[i] &= quality[i] == Quality.CLEAR;
      count += grown[i] ? 1 : 0;
    }
    boolean drop = count > parameters.hazeDropShare() * clear;
    byte[] result = quality.clone();
    for (int i = 0; i < result.length; i++) {
      if (result[i] == Quality.CLEAR && (drop || grown[i])) {
        result[i] = Quality.HAZE;
      }
    }
    return result;
  }

  /**
   * The quality of one chunk of one date after the last test: where less than the stated share of
   * what was seen is clear, what is left is masked as well, because it is mostly missed cloud.
   *
   * @param quality codes before the test; not changed
   * @return codes after the test, or the same array where nothing changes
   */
  public static byte[] withEnoughClear(byte[] quality, MaskParameters parameters) {
    int seen = quality.length - Quality.count(quality, Quality.NODATA);
    int clear = Quality.count(quality, Quality.CLEAR);
    if (clear == 0 || clear >= parameters.minimumClearShare() * seen) {
      return quality;
    }
    byte[] result = quality.clone();
    for (int i = 0; i < result.length; i++) {
      if (result[i] == Quality.CLEAR) {
        result[i] = Quality.OTHER;
      }
    }
    return result;
  }

  private static boolean isHazy(int blue, int red, int dark, MaskParameters parameters) {
    return blue - dark >= steps(parameters.hazeExcess())
        && (long) STEPS * blue >= (long) steps(parameters.hazeWhiteness()) * red;
  }

  /** The blue of the chunk's dark vegetation in steps, or -1 where there is too little of it. */
  private static int darkVegetation(
      byte[] quality,
      float[] blue,
      float[] red,
      float[] nir,
      int clear,
      MaskParameters parameters) {
    int least = steps(parameters.hazeVegetationNdvi());
    int[] vegetation = new int[clear];
    int count = 0;
    for (int i = 0; i < quality.length; i++) {
      if (quality[i] == Quality.CLEAR && ndvi(steps(nir[i]), steps(red[i])) >= least) {
        vegetation[count++] = steps(blue[i]);
      }
    }
    double needed =
        Math.max(
            parameters.hazeMinimumVegetation() * clear, parameters.hazeMinimumVegetationPixels());
    if (count < needed) {
      return -1;
    }
    Arrays.sort(vegetation, 0, count);
    int rank = (int) ((long) (count - 1) * parameters.hazeDarkPercentile() / 100);
    return Math.min(vegetation[rank], steps(parameters.hazeDarkLimit()));
  }

  /** The normalised difference in steps, rounded half up, as it is stored. */
  private static int ndvi(int near, int red) {
    long sum = (long) near + red;
    if (sum <= 0) {
      return 0;
    }
    long rounded = Math.floorDiv(2L * STEPS * ((long) near - red) + sum, 2 * sum);
    return Math.clamp(rounded, -STEPS, STEPS);
  }

  /** A number as features are stored: in steps of 1e-4, rounded half up. */
  private static int steps(double number) {
    return (int) Math.floor(number * STEPS + 0.5);
  }
}
