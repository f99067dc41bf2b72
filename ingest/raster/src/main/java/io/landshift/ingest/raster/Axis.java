package io.landshift.ingest.raster;

import java.util.Arrays;

/**
 * Which source pixels, and with what weight, make each target pixel along one axis. Immutable.
 *
 * <p>Position i of the target has its centre at {@code u = a + b * (i + 0.5)} in source pixels,
 * counted from the outer edge of the first.
 */
final class Axis {
  /** Two lattices that nowhere differ by more than this many pixels are the same. */
  static final double ALIGNED = 1e-3;

  /**
   * Keeps a centre that lies exactly on the edge of two pixels from falling to either by rounding.
   */
  private static final double ON_EDGE = 1e-6;

  /** Source pixel that contains the target pixel's centre, or -1 outside the source. */
  final int[] centre;

  /** First source pixel that has a weight. */
  final int[] first;

  /** Number of source pixels that have a weight. */
  final int[] count;

  /** Weights of target i at {@code i * taps}, each target's summing to 1. */
  final float[] weights;

  /** Most source pixels of one target pixel. */
  final int taps;

  /** True where a target pixel is the mean of the source pixels under it. */
  final boolean averaging;

  private final int size;

  private Axis(int positions, int taps, int size, boolean averaging) {
    this.centre = new int[positions];
    this.first = new int[positions];
    this.count = new int[positions];
    this.weights = new float[positions * taps];
    this.taps = taps;
    this.size = size;
    this.averaging = averaging;
  }

  /**
   * @param a where the target's outer edge of pixel 0 lies in source pixels
   * @param b source pixels per target pixel
   * @param from first target pixel
   * @param positions number of target pixels
   * @param size number of source pixels
   */
  static Axis of(double a, double b, int from, int positions, int size, Resampling resampling) {
    if (resampling == Resampling.NEAREST || aligned(a, b, size)) {
      return nearest(a, b, from, positions, size);
    }
    return b > 1 + ON_EDGE
        ? footprint(snapped(a, 1), b, from, positions, size)
        : linear(snapped(a, b), b, from, positions, size);
  }

  /** The first source pixel that any target pixel needs, or -1 where none needs any. */
  int lowest() {
    int before = before();
    return before < centre.length ? first[before] : -1;
  }

  /** After the last source pixel that any target pixel needs; 0 where none needs any. */
  int highest() {
    for (int i = centre.length - 1; i >= 0; i--) {
      if (centre[i] >= 0) {
        return first[i] + count[i];
      }
    }
    return 0;
  }

  /** How many target pixels lie before the first that has its centre in the source. */
  int before() {
    int before = 0;
    while (before < centre.length && centre[before] < 0) {
      before++;
    }
    return before;
  }

  /** Whether those that have their centre in the source have one source pixel after the other. */
  boolean consecutive() {
    int before = before();
    int inside = highest() - lowest();
    for (int i = 0; i < inside; i++) {
      if (before + i >= centre.length || centre[before + i] != centre[before] + i) {
        return false;
      }
    }
    return before + inside == centre.length || centre[before + inside] < 0;
  }

  /** Lattices whose edges meet but for the rounding of a grid's phase are taken to meet. */
  private static double snapped(double a, double step) {
    double edge = Math.rint(a / step) * step;
    return Math.abs(a - edge) < ALIGNED ? edge : a;
  }

  private static boolean aligned(double a, double b, int size) {
    return Math.abs(b - 1) * size < ALIGNED && Math.abs(a - Math.rint(a)) < ALIGNED;
  }

  private static Axis nearest(double a, double b, int from, int positions, int size) {
    Axis axis = new Axis(positions, 1, size, false);
    Arrays.fill(axis.weights, 1);
    for (int i = 0; i < positions; i++) {
      axis.locate(i, a + b * (from + i + 0.5));
      axis.first[i] = Math.max(0, axis.centre[i]);
      axis.count[i] = 1;
    }
    return axis;
  }

  private static Axis linear(double a, double b, int from, int positions, int size) {
    Axis axis = new Axis(positions, 2, size, false);
    for (int i = 0; i < positions; i++) {
      double u = a + b * (from + i + 0.5);
      axis.locate(i, u);
      // Between the centres of the pixels left and left + 1; beyond the last centre, that pixel.
      double clamped = Math.clamp(u - 0.5, 0.0, size - 1.0);
      int left = (int) clamped;
      axis.first[i] = left;
      axis.count[i] = left + 1 < size ? 2 : 1;
      double weight = clamped - left;
      axis.weights[2 * i] = (float) (1 - weight);
      axis.weights[2 * i + 1] = (float) weight;
    }
    return axis;
  }

  private static Axis footprint(double a, double b, int from, int positions, int size) {
    Axis axis = new Axis(positions, (int) Math.ceil(b) + 1, size, true);
    for (int i = 0; i < positions; i++) {
      double left = a + b * (from + i);
      axis.locate(i, left + b / 2);
      if (axis.centre[i] >= 0) {
        axis.cover(i, Math.max(0, left), Math.min(size, left + b));
      }
    }
    return axis;
  }

  private void locate(int i, double u) {
    boolean inside = u > -ON_EDGE && u < size - ON_EDGE;
    centre[i] = inside ? (int) Math.floor(u + ON_EDGE) : -1;
  }

  private void cover(int i, double left, double right) {
    int low = (int) Math.floor(left + ON_EDGE);
    int high = Math.max(low + 1, (int) Math.ceil(right - ON_EDGE));
    first[i] = low;
    count[i] = Math.min(taps, high - low);
    for (int k = 0; k < count[i]; k++) {
      double covered = Math.min(right, low + k + 1.0) - Math.max(left, low + k);
      weights[i * taps + k] = (float) (covered / (right - left));
    }
  }
}
