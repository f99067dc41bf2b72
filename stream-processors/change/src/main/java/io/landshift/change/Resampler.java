package io.landshift.change;

import java.util.Arrays;

/**
 * Moves a look back by its shift: features by cubic convolution (Keys 1981, a = -0.5), quality to
 * the nearest pixel. Pure functions; thread-safe.
 *
 * <p>Where one of the sixteen pixels around has no value, the nearest one counts. What would come
 * from outside is not known.
 */
public final class Resampler {
  private static final int TAPS = 4;
  private static final int SMALLEST = Short.MIN_VALUE + 1;
  private static final int LARGEST = Short.MAX_VALUE;

  private Resampler() {}

  /**
   * Features where the reference has them.
   *
   * @param features {@code [channel][row][column]}
   * @param invalid the number that means no value
   * @param shift how far the look lies from the reference
   * @return the same array where the shift is 0
   */
  public static short[] features(
      short[] features, int channels, int width, int height, short invalid, Shift shift) {
    if (shift.isZero()) {
      return features;
    }
    short[] moved = new short[features.length];
    Plane plane = new Plane(width, height, invalid, shift);
    for (int c = 0; c < channels; c++) {
      plane.move(features, moved, c * width * height);
    }
    return moved;
  }

  /**
   * One channel after the other: first along the lines, then across them. NaN stands for no value,
   * so that it spreads by itself to all that it would have a part in.
   */
  private static final class Plane {
    private final int width;
    private final int height;
    private final short invalid;
    private final int column;
    private final int row;
    private final int nearColumn;
    private final int nearRow;
    private final float[] across;
    private final float[] down;
    private final float[] line;
    private final float[][] lines;

    Plane(int width, int height, short invalid, Shift shift) {
      this.width = width;
      this.height = height;
      this.invalid = invalid;
      column = Math.floorDiv(shift.east(), Shift.STEPS);
      row = Math.floorDiv(shift.south(), Shift.STEPS);
      nearColumn = nearest(shift.east());
      nearRow = nearest(shift.south());
      across = weights(Math.floorMod(shift.east(), Shift.STEPS));
      down = weights(Math.floorMod(shift.south(), Shift.STEPS));
      line = new float[width];
      lines = new float[TAPS][width];
    }

    void move(short[] from, short[] to, int at) {
      for (int y = -1; y < TAPS - 2; y++) {
        alongLine(from, at, y + row);
      }
      for (int y = 0; y < height; y++) {
        alongLine(from, at, y + row + 2);
        acrossLines(from, to, at, y);
      }
    }

    /** A line of the look where the columns of the reference are; NaN outside. */
    private void alongLine(short[] from, int at, int y) {
      float[] result = lines[Math.floorMod(y, TAPS)];
      Arrays.fill(result, Float.NaN);
      if (y < 0 || y >= height) {
        return;
      }
      for (int x = 0; x < width; x++) {
        short value = from[at + y * width + x];
        line[x] = value == invalid ? Float.NaN : value;
      }
      int first = Math.max(0, 1 - column);
      int end = Math.min(width, width - 2 - column);
      float a = across[0];
      float b = across[1];
      float c = across[2];
      float d = across[3];
      float[] values = line;
      for (int x = first; x < end; x++) {
        int near = x + column;
        result[x] =
            a * values[near - 1] + b * values[near] + c * values[near + 1] + d * values[near + 2];
      }
    }

    private void acrossLines(short[] from, short[] to, int at, int y) {
      float[] sums = line;
      sum(
          sums,
          lines[Math.floorMod(y + row - 1, TAPS)],
          lines[Math.floorMod(y + row, TAPS)],
          lines[Math.floorMod(y + row + 1, TAPS)],
          lines[Math.floorMod(y + row + 2, TAPS)]);
      int start = at + y * width;
      for (int x = 0; x < width; x++) {
        to[start + x] = (short) Math.max(SMALLEST, Math.min(LARGEST, Math.round(sums[x])));
      }
      for (int x = 0; x < width; x++) {
        if (Float.isNaN(sums[x])) {
          to[start + x] = nearestValue(from, at, x, y);
        }
      }
    }

    private void sum(float[] sums, float[] above, float[] here, float[] below, float[] last) {
      float a = down[0];
      float b = down[1];
      float c = down[2];
      float d = down[3];
      for (int x = 0; x < sums.length; x++) {
        sums[x] = a * above[x] + b * here[x] + c * below[x] + d * last[x];
      }
    }

    private short nearestValue(short[] from, int at, int x, int y) {
      int fromX = x + nearColumn;
      int fromY = y + nearRow;
      boolean inside = fromX >= 0 && fromY >= 0 && fromX < width && fromY < height;
      return inside ? from[at + fromY * width + fromX] : invalid;
    }
  }

  /** Weights of the pixels at -1, 0, 1 and 2 for a place {@code step} sixteenths after 0. */
  private static float[] weights(int step) {
    float t = step / (float) Shift.STEPS;
    return new float[] {
      ((-0.5f * t + 1) * t - 0.5f) * t,
      (1.5f * t - 2.5f) * t * t + 1,
      ((-1.5f * t + 2) * t + 0.5f) * t,
      (0.5f * t - 0.5f) * t * t
    };
  }

  /**
   * Codes where the reference has them, of the nearest pixel.
   *
   * @param elsewhere the code of what comes from outside
   * @return the same array where the shift is 0
   */
  public static byte[] codes(byte[] codes, int width, int height, byte elsewhere, Shift shift) {
    if (shift.isZero()) {
      return codes;
    }
    int column = nearest(shift.east());
    int row = nearest(shift.south());
    byte[] moved = new byte[codes.length];
    Arrays.fill(moved, elsewhere);
    for (int y = Math.max(0, -row); y < Math.min(height, height - row); y++) {
      for (int x = Math.max(0, -column); x < Math.min(width, width - column); x++) {
        moved[y * width + x] = codes[(y + row) * width + x + column];
      }
    }
    return moved;
  }

  /** The pixel that {@link #features} takes as the nearest one. */
  private static int nearest(int steps) {
    float[] weights = weights(Math.floorMod(steps, Shift.STEPS));
    return Math.floorDiv(steps, Shift.STEPS) + (weights[2] > weights[1] ? 1 : 0);
  }
}
