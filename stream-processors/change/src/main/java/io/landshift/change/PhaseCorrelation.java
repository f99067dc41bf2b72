package io.landshift.change;

import java.util.Arrays;

/**
 * The shift between two images of the same ground, to a fraction of a pixel: the peak of their
 * phase correlation (Kuglin and Hines, 1975), with a parabola through the peak and its neighbours.
 *
 * <p>Both are cut to the middle 512 x 512 pixels, less their mean, set to 0 where either is not
 * clear, faded out towards the borders and padded to a power of two. Only the spatial frequencies
 * that carry texture and are not lost in the resampling of bands count: 0.02 to 0.3 cycles a pixel.
 *
 * <p>A transform of its own rather than a library: it needs one complex transform of a power of two
 * for both images, forty lines. Pure functions; thread-safe.
 */
public final class PhaseCorrelation {
  private static final int LARGEST_SIDE = 512;
  private static final int SMALLEST_SIDE = 32;
  private static final double LEAST_CLEAR = 0.3;
  private static final double LOW = 0.02;
  private static final double HIGH = 0.3;

  /** Of two equal images the peak is 1. */
  private static final double LEAST_PEAK = 0.2;

  /** And so many times higher than any other. */
  private static final double LEAST_LEAD = 1.6;

  private PhaseCorrelation() {}

  /**
   * How far {@code image} lies from {@code reference}.
   *
   * @param image row-major, {@code width * height}; any number where not valid
   * @param reference likewise
   * @param valid where both have values that may be compared
   * @return {@link Shift#UNKNOWN} where the images are small, mostly not valid, or have no peak in
   *     common
   */
  public static Shift shift(
      float[] image, float[] reference, boolean[] valid, int width, int height) {
    int columns = Math.min(width, LARGEST_SIDE);
    int rows = Math.min(height, LARGEST_SIDE);
    int left = (width - columns) / 2;
    int top = (height - rows) / 2;
    if (columns < SMALLEST_SIDE || rows < SMALLEST_SIDE) {
      return Shift.UNKNOWN;
    }
    int side = Integer.highestOneBit(Math.max(columns, rows) * 2 - 1);
    double[] real = new double[side * side];
    double[] imaginary = new double[side * side];
    double imageMean = mean(image, valid, width, left, top, columns, rows);
    double referenceMean = mean(reference, valid, width, left, top, columns, rows);
    if (Double.isNaN(imageMean)) {
      return Shift.UNKNOWN;
    }
    double[] across = taper(columns);
    double[] down = taper(rows);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++) {
        int from = (y + top) * width + x + left;
        if (valid[from]) {
          double weight = across[x] * down[y];
          real[y * side + x] = (image[from] - imageMean) * weight;
          imaginary[y * side + x] = (reference[from] - referenceMean) * weight;
        }
      }
    }
    if (isFlat(real) || isFlat(imaginary)) {
      return Shift.UNKNOWN;
    }
    transform(real, imaginary, side, false);
    double band = whiten(real, imaginary, side);
    transform(real, imaginary, side, true);
    return peak(real, side, band);
  }

  /** Without texture only rounding would be compared. */
  private static boolean isFlat(double[] image) {
    double largest = 0;
    for (double value : image) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest < 1e-6;
  }

  /** NaN where too little is valid. */
  private static double mean(
      float[] image, boolean[] valid, int width, int left, int top, int columns, int rows) {
    double sum = 0;
    int count = 0;
    for (int y = top; y < top + rows; y++) {
      for (int x = left; x < left + columns; x++) {
        if (valid[y * width + x]) {
          sum += image[y * width + x];
          count++;
        }
      }
    }
    return count < LEAST_CLEAR * columns * rows ? Double.NaN : sum / count;
  }

  /** 1 in the middle half, a cosine down to 0 in the quarters at both ends. */
  private static double[] taper(int length) {
    double[] taper = new double[length];
    Arrays.fill(taper, 1);
    int ramp = length / 4;
    for (int i = 0; i < ramp; i++) {
      double weight = 0.5 - 0.5 * StrictMath.cos(Math.PI * (i + 0.5) / ramp);
      taper[i] = weight;
      taper[length - 1 - i] = weight;
    }
    return taper;
  }

  /**
   * Turns the transform of image + i reference into the cross-power spectrum of both, of amplitude
   * 1 within the band of frequencies and 0 outside; returns how many are within.
   */
  private static int whiten(double[] real, double[] imaginary, int side) {
    double[] crossReal = new double[real.length];
    double[] crossImaginary = new double[real.length];
    int within = 0;
    for (int v = 0; v < side; v++) {
      for (int u = 0; u < side; u++) {
        int at = v * side + u;
        double across = frequency(u, side);
        double down = frequency(v, side);
        double squared = across * across + down * down;
        if (squared <= LOW * LOW || squared >= HIGH * HIGH) {
          continue;
        }
        within++;
        int mirror = ((side - v) % side) * side + (side - u) % side;
        double imageReal = (real[at] + real[mirror]) / 2;
        double imageImaginary = (imaginary[at] - imaginary[mirror]) / 2;
        double referenceReal = (imaginary[at] + imaginary[mirror]) / 2;
        double referenceImaginary = (real[mirror] - real[at]) / 2;
        double re = imageReal * referenceReal + imageImaginary * referenceImaginary;
        double im = imageImaginary * referenceReal - imageReal * referenceImaginary;
        double amplitude = Math.sqrt(re * re + im * im);
        if (amplitude > 0) {
          crossReal[at] = re / amplitude;
          crossImaginary[at] = im / amplitude;
        }
      }
    }
    System.arraycopy(crossReal, 0, real, 0, real.length);
    System.arraycopy(crossImaginary, 0, imaginary, 0, real.length);
    return within;
  }

  private static double frequency(int index, int side) {
    return (index < side / 2 ? index : index - side) / (double) side;
  }

  private static Shift peak(double[] correlation, int side, double band) {
    int best = 0;
    for (int at = 1; at < correlation.length; at++) {
      best = correlation[at] > correlation[best] ? at : best;
    }
    int x = best % side;
    int y = best / side;
    double height = correlation[best] / band;
    if (height < LEAST_PEAK || height * band < LEAST_LEAD * nextPeak(correlation, side, x, y)) {
      return Shift.UNKNOWN;
    }
    double east =
        signed(x, side)
            + vertex(
                correlation[y * side + (x + side - 1) % side],
                correlation[best],
                correlation[y * side + (x + 1) % side]);
    double south =
        signed(y, side)
            + vertex(
                correlation[((y + side - 1) % side) * side + x],
                correlation[best],
                correlation[((y + 1) % side) * side + x]);
    return new Shift(
        (int) Math.round(east * Shift.STEPS), (int) Math.round(south * Shift.STEPS), true);
  }

  /** The highest value more than a correlated neighbourhood away. */
  private static double nextPeak(double[] correlation, int side, int x, int y) {
    double next = 0;
    for (int v = 0; v < side; v++) {
      for (int u = 0; u < side; u++) {
        int across = Math.abs(signed((u - x + side) % side, side));
        int down = Math.abs(signed((v - y + side) % side, side));
        if (Math.max(across, down) > 4) {
          next = Math.max(next, correlation[v * side + u]);
        }
      }
    }
    return next;
  }

  private static int signed(int index, int side) {
    return index < side / 2 ? index : index - side;
  }

  /** Where a parabola through three equidistant values has its vertex, -0.5..0.5. */
  private static double vertex(double before, double at, double after) {
    double bend = before - 2 * at + after;
    return bend < 0 ? 0.5 * (before - after) / bend : 0;
  }

  /** In place, over rows and columns; the inverse is scaled so that a spectrum of ones gives n. */
  private static void transform(double[] real, double[] imaginary, int side, boolean inverse) {
    double[] cosine = new double[side / 2];
    double[] sine = new double[side / 2];
    for (int i = 0; i < cosine.length; i++) {
      double angle = 2 * Math.PI * i / side;
      cosine[i] = StrictMath.cos(angle);
      sine[i] = inverse ? StrictMath.sin(angle) : -StrictMath.sin(angle);
    }
    // Rows, and then what were columns.
    for (int pass = 0; pass < 2; pass++) {
      transformRows(real, imaginary, side, cosine, sine);
      transpose(real, side);
      transpose(imaginary, side);
    }
  }

  private static void transformRows(
      double[] real, double[] imaginary, int side, double[] cosine, double[] sine) {
    double[] re = new double[side];
    double[] im = new double[side];
    for (int row = 0; row < side; row++) {
      System.arraycopy(real, row * side, re, 0, side);
      System.arraycopy(imaginary, row * side, im, 0, side);
      transform(re, im, cosine, sine);
      System.arraycopy(re, 0, real, row * side, side);
      System.arraycopy(im, 0, imaginary, row * side, side);
    }
  }

  private static void transpose(double[] matrix, int side) {
    for (int y = 0; y < side; y++) {
      for (int x = y + 1; x < side; x++) {
        double kept = matrix[y * side + x];
        matrix[y * side + x] = matrix[x * side + y];
        matrix[x * side + y] = kept;
      }
    }
  }

  /** Cooley and Tukey, radix 2, in place. */
  private static void transform(double[] re, double[] im, double[] cosine, double[] sine) {
    int length = re.length;
    int bits = Integer.numberOfTrailingZeros(length);
    for (int i = 0; i < length; i++) {
      int j = Integer.reverse(i) >>> (32 - bits);
      if (j > i) {
        double kept = re[i];
        re[i] = re[j];
        re[j] = kept;
        kept = im[i];
        im[i] = im[j];
        im[j] = kept;
      }
    }
    for (int size = 2; size <= length; size *= 2) {
      int half = size / 2;
      int step = length / size;
      for (int start = 0; start < length; start += size) {
        for (int k = 0; k < half; k++) {
          int a = start + k;
          int b = a + half;
          double turnedReal = re[b] * cosine[k * step] - im[b] * sine[k * step];
          double turnedImaginary = re[b] * sine[k * step] + im[b] * cosine[k * step];
          re[b] = re[a] - turnedReal;
          im[b] = im[a] - turnedImaginary;
          re[a] += turnedReal;
          im[a] += turnedImaginary;
        }
      }
    }
  }
}
