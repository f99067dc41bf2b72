package io.landshift.ingest.scenes;

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
  /** Of a class that is masked as {@link Quality#OTHER}, and that nothing is grown over. */
  private static final byte SATURATED = Quality.OTHER + 1;

  /** By class, what it means alone. */
  private static final byte[] CODES = {
    Quality.NODATA, SATURATED, Quality.OTHER, Quality.SHADOW,
    Quality.CLEAR, Quality.CLEAR, Quality.CLEAR, Quality.OTHER,
    Quality.CLOUD, Quality.CLOUD, Quality.CLOUD, Quality.SNOW
  };

  private static final int FIRST_CLOUD = 8;
  private static final int LAST_CLOUD = 10;
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
    byte[] codes = codes(classes, width * height);
    BitMask cloud = grown(codes, Quality.CLOUD, width, height, cloudGrowth);
    BitMask shadow = grown(codes, Quality.SHADOW, width, height, cloudGrowth);
    BitMask snow = grown(codes, Quality.SNOW, width, height, snowGrowth);
    paint(codes, cloud, shadow, snow);
    byte[] quality = new byte[innerWidth * innerHeight];
    for (int y = 0; y < innerHeight; y++) {
      int from = (y + top) * width + left;
      for (int x = 0; x < innerWidth; x++) {
        quality[y * innerWidth + x] = (byte) Math.min(codes[from + x], Quality.OTHER);
      }
    }
    return quality;
  }

  private static BitMask grown(byte[] codes, byte code, int width, int height, int radius) {
    return Dilation.square(BitMask.where(codes, code, width, height), radius);
  }

  /** What each class alone means: a code of {@link Quality}, or {@link #SATURATED}. */
  private static byte[] codes(float[] classes, int count) {
    byte[] codes = new byte[count];
    for (int i = 0; i < count; i++) {
      int whole = (int) classes[i];
      boolean known = whole == classes[i] && whole >= 0 && whole < CODES.length;
      codes[i] = known ? CODES[whole] : codeOfOther(classes[i]);
    }
    return codes;
  }

  /** A class is a small whole number; resampled or lossy masks hold others, which are not clear. */
  private static byte codeOfOther(float number) {
    if (Float.isNaN(number)) {
      return Quality.NODATA;
    }
    return number >= FIRST_CLOUD && number <= LAST_CLOUD ? Quality.CLOUD : Quality.OTHER;
  }

  /** Writes the grown masks over what has data; of masks of one size, the first counts. */
  private static void paint(byte[] codes, BitMask cloud, BitMask shadow, BitMask snow) {
    for (int y = 0; y < cloud.height(); y++) {
      for (int word = 0; word < cloud.stride(); word++) {
        int i = y * cloud.stride() + word;
        long clouds = cloud.words()[i];
        long shadows = shadow.words()[i];
        int start = y * cloud.width() + word * Long.SIZE;
        long left = clouds | shadows | snow.words()[i];
        while (left != 0) {
          int bit = Long.numberOfTrailingZeros(left);
          left &= left - 1;
          byte covered = (shadows >>> bit & 1) != 0 ? Quality.SHADOW : Quality.SNOW;
          byte code = codes[start + bit];
          if (code != Quality.NODATA && code != SATURATED) {
            codes[start + bit] = (clouds >>> bit & 1) != 0 ? Quality.CLOUD : covered;
          }
        }
      }
    }
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
   * @param blue reflectance, not negative, row-major; NaN where nodata
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
    BitMask clear = BitMask.where(quality, Quality.CLEAR, width, height);
    int count = clear.count();
    int dark = darkVegetation(quality, blue, red, nir, width, count, parameters);
    if (dark < 0) {
      return quality;
    }
    BitMask hazy = hazy(quality, blue, red, width, height, dark, parameters);
    BitMask grown = Dilation.square(hazy, hazeGrowth);
    grown.and(clear);
    boolean drop = grown.count() > parameters.hazeDropShare() * count;
    byte[] result = quality.clone();
    (drop ? clear : grown).paint(result, Quality.HAZE);
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

  private static BitMask hazy(
      byte[] quality,
      float[] blue,
      float[] red,
      int width,
      int height,
      int dark,
      MaskParameters parameters) {
    int bright = dark + steps(parameters.hazeExcess());
    long whiteness = steps(parameters.hazeWhiteness());
    BitMask hazy = BitMask.empty(width, height);
    int[] blues = new int[width];
    int[] reds = new int[width];
    for (int y = 0; y < height; y++) {
      int row = y * width;
      steps(blue, row, blues);
      steps(red, row, reds);
      for (int x = 0; x < width; x++) {
        if (quality[row + x] == Quality.CLEAR
            && blues[x] >= bright
            && (long) STEPS * blues[x] >= whiteness * reds[x]) {
          hazy.set(x, y);
        }
      }
    }
    return hazy;
  }

  /** The blue of the chunk's dark vegetation in steps, or -1 where there is too little of it. */
  private static int darkVegetation(
      byte[] quality,
      float[] blue,
      float[] red,
      float[] nir,
      int width,
      int clear,
      MaskParameters parameters) {
    int least = steps(parameters.hazeVegetationNdvi());
    // Brighter vegetation is not told apart: the limit is returned for it.
    int[] counts = new int[steps(parameters.hazeDarkLimit()) + 1];
    int count = 0;
    int[] blues = new int[width];
    int[] reds = new int[width];
    int[] nears = new int[width];
    for (int row = 0; row < quality.length; row += width) {
      steps(blue, row, blues);
      steps(red, row, reds);
      steps(nir, row, nears);
      for (int x = 0; x < width; x++) {
        if (quality[row + x] == Quality.CLEAR && isVegetation(nears[x], reds[x], least)) {
          counts[Math.clamp(blues[x], 0, counts.length - 1)]++;
          count++;
        }
      }
    }
    double needed =
        Math.max(
            parameters.hazeMinimumVegetation() * clear, parameters.hazeMinimumVegetationPixels());
    if (count < needed) {
      return -1;
    }
    return ranked(counts, (int) ((long) (count - 1) * parameters.hazeDarkPercentile() / 100));
  }

  /** The number of this rank, from 0, of so many of each. */
  private static int ranked(int[] counts, int rank) {
    int number = 0;
    int passed = counts[0];
    while (passed <= rank) {
      number++;
      passed += counts[number];
    }
    return number;
  }

  /** Whether the normalised difference, in steps and rounded half up as stored, is large enough. */
  private static boolean isVegetation(int near, int red, int least) {
    long sum = (long) near + red;
    if (sum <= 0) {
      return least <= 0;
    }
    // Rounded half up and clamped, without the division.
    return 2L * STEPS * ((long) near - red) + sum >= 2 * sum * least || least <= -STEPS;
  }

  /** As many numbers as there is room for, from one on, in steps. */
  private static void steps(float[] numbers, int from, int[] into) {
    for (int i = 0; i < into.length; i++) {
      into[i] = steps(numbers[from + i]);
    }
  }

  /** A number as features are stored: in steps of 1e-4, rounded half up. */
  private static int steps(double number) {
    return (int) Math.floor(number * STEPS + 0.5);
  }
}
