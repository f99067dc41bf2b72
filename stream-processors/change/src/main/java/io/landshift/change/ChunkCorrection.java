package io.landshift.change;

/**
 * What a whole chunk does on a date: haze, sun angle, an early or late season move all of it at
 * once and are no change.
 *
 * <p>Pure functions; safe for use by several threads.
 */
public final class ChunkCorrection {
  /** Fewer pixels than this say nothing about the chunk. */
  public static final int MINIMUM_PIXELS = 100;

  private ChunkCorrection() {}

  /** The shift with {@link #MINIMUM_PIXELS}. */
  public static float[] shift(
      int pixels, float[] centre, short[] current, float[] step, byte[] voting, float[] clip) {
    return shift(pixels, centre, current, step, voting, clip, MINIMUM_PIXELS);
  }

  /**
   * Per channel the median of (centre - current) over the voting pixels: add it to the current
   * features before they are compared with the reference.
   *
   * <p>It is clipped, so that a chunk that burns down whole still shows. The median of an even
   * number is the mean of the two middle ones. The result does not depend on the order of the
   * pixels.
   *
   * @param centre the reference's centre, planar {@code [channels * pixels]}, NaN = not monitored
   * @param current quantised features, planar, {@value ReferenceStatistics#INVALID} = not valid
   * @param step feature units per quantum, one per channel
   * @param voting per pixel 1 where it is clear and unalerted, else 0
   * @param clip largest absolute shift, one per channel, in feature units; 0 switches the channel's
   *     correction off
   * @param minimumPixels number of voting pixels with valid numbers below which the shift is 0
   * @return one shift per channel, in feature units
   * @throws IllegalArgumentException if the lengths contradict each other
   */
  public static float[] shift(
      int pixels,
      float[] centre,
      short[] current,
      float[] step,
      byte[] voting,
      float[] clip,
      int minimumPixels) {
    int channels = step.length;
    if (centre.length != channels * pixels
        || current.length != channels * pixels
        || voting.length != pixels
        || clip.length != channels) {
      throw new IllegalArgumentException(
          "chunk correction: not all arrays are of " + channels + " channels, " + pixels + " px");
    }
    float[] shift = new float[channels];
    for (int c = 0; c < channels; c++) {
      shift[c] = shift(c, centre, current, step[c], voting, clip[c], minimumPixels);
    }
    return shift;
  }

  /**
   * The shifts of a channel whose plane holds a feature for each pixel of a cell.
   *
   * @param columns pixels in a row; cells begin at the first
   * @param cell pixels along a side of a cell
   * @return one shift for each pixel of a cell, row by row
   */
  public static float[] shifts(
      int channel,
      float[] centre,
      short[] current,
      float step,
      byte[] voting,
      float clip,
      int minimumPixels,
      int columns,
      int cell) {
    if (cell == 1) {
      return new float[] {shift(channel, centre, current, step, voting, clip, minimumPixels)};
    }
    int rows = voting.length / columns;
    float[] shifts = new float[cell * cell];
    for (int feature = 0; feature < shifts.length; feature++) {
      int high = (rows - feature / cell + cell - 1) / cell;
      int wide = (columns - feature % cell + cell - 1) / cell;
      float[] ownCentre = new float[high * wide];
      short[] ownCurrent = new short[high * wide];
      byte[] ownVoting = new byte[high * wide];
      for (int own = 0; own < ownVoting.length; own++) {
        int row = own / wide * cell + feature / cell;
        int pixel = row * columns + own % wide * cell + feature % cell;
        ownCentre[own] = centre[channel * voting.length + pixel];
        ownCurrent[own] = current[channel * voting.length + pixel];
        ownVoting[own] = voting[pixel];
      }
      shifts[feature] = shift(0, ownCentre, ownCurrent, step, ownVoting, clip, minimumPixels);
    }
    return shifts;
  }

  /** The shift of one channel of several, as the other method has it. */
  public static float shift(
      int channel,
      float[] centre,
      short[] current,
      float step,
      byte[] voting,
      float clip,
      int minimumPixels) {
    if (!(clip > 0)) {
      return 0;
    }
    int[] keys = new int[voting.length];
    int n = differences(channel * voting.length, centre, current, step, voting, keys);
    if (n == 0 || n < minimumPixels) {
      return 0;
    }
    float lower = value(select(keys, n, (n - 1) / 2));
    float upper = n % 2 == 1 ? lower : value(select(keys, n, n / 2));
    return (float) Math.clamp((lower + (double) upper) / 2, -clip, clip);
  }

  /** Collects the keys of the differences; returns their number. */
  private static int differences(
      int at, float[] centre, short[] current, float step, byte[] voting, int[] keys) {
    int n = 0;
    for (int p = 0; p < voting.length; p++) {
      float difference = centre[at + p] - current[at + p] * step;
      boolean counts =
          voting[p] != 0
              && current[at + p] != ReferenceStatistics.INVALID
              && !Float.isNaN(difference);
      if (counts) {
        keys[n++] = key(difference);
      }
    }
    return n;
  }

  /** A whole number that, read as unsigned, orders as the float does. */
  private static int key(float number) {
    int bits = Float.floatToRawIntBits(number);
    return bits ^ ((bits >> 31) | 0x80000000);
  }

  private static float value(int key) {
    return Float.intBitsToFloat(key ^ ((~key >> 31) | 0x80000000));
  }

  /** The key of the given rank among the first {@code n}: by the upper half, then by the lower. */
  private static int select(int[] keys, int n, int rank) {
    int[] counts = new int[1 << 16];
    for (int i = 0; i < n; i++) {
      counts[keys[i] >>> 16]++;
    }
    int upper = 0;
    int left = rank;
    while (left >= counts[upper]) {
      left -= counts[upper++];
    }
    int[] lowerCounts = new int[1 << 16];
    for (int i = 0; i < n; i++) {
      if (keys[i] >>> 16 == upper) {
        lowerCounts[keys[i] & 0xFFFF]++;
      }
    }
    int lower = 0;
    while (left >= lowerCounts[lower]) {
      left -= lowerCounts[lower++];
    }
    return upper << 16 | lower;
  }
}
