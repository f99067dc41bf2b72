package io.landshift.change;

import java.util.Arrays;
import java.util.List;

/**
 * Median and median absolute deviation of many looks, per pixel and channel.
 *
 * <p>Exact, and the same for any number of threads or blocks: the features are whole numbers and
 * are compared as such. Pixels are taken in blocks that fit the cache, and a block's looks are
 * sorted by a network of compare-exchange steps (Batcher's merge exchange; Knuth, The Art of
 * Computer Programming 3, 5.2.2 M) over whole rows of pixels, without a branch per pixel.
 *
 * <p>Pure functions; safe for use by several threads.
 */
public final class ReferenceStatistics {
  /** The quantised feature that means "not valid". */
  public static final short INVALID = Short.MIN_VALUE;

  /** Standard deviation of a normal distribution in units of its median absolute deviation. */
  private static final double NORMAL = 1.4826;

  private static final int BLOCK = 1024;

  /** Sorts after every feature and every deviation. */
  private static final int ABSENT = 1 << 20;

  private ReferenceStatistics() {}

  /**
   * The reference of a chunk.
   *
   * <p>A pixel is compared with its usable inner looks if these are at least {@code minLooks} and
   * lie on both sides of the date in the season: looks of June alone say nothing about the leaves
   * of October. Otherwise it is compared with the inner and outer ones together, under the same two
   * conditions. A channel that is not valid in a usable look leaves that look out for this channel;
   * fewer than {@code minLooks} in the end: NaN.
   *
   * @param inner looks of the season
   * @param outer looks of the season at twice its width
   * @param step feature units per quantum, one per channel
   * @throws IllegalArgumentException if the lengths contradict each other or there are more than
   *     255 looks
   */
  public static Reference compute(
      int pixels,
      int channels,
      List<LookPixels> inner,
      List<LookPixels> outer,
      int minLooks,
      float[] step) {
    requireShapes(pixels, channels, inner);
    requireShapes(pixels, channels, outer);
    int looks = inner.size() + outer.size();
    if (looks > 255 || minLooks < 1 || step.length != channels) {
      throw new IllegalArgumentException(
          looks + " looks (at most 255), at least " + minLooks + ", " + step.length + " steps");
    }
    Reference reference =
        new Reference(new float[channels * pixels], new float[channels * pixels], new byte[pixels]);
    Block block = new Block(looks);
    for (int from = 0; from < pixels; from += BLOCK) {
      block.size = Math.min(BLOCK, pixels - from);
      block.choose(from, inner, outer, minLooks);
      System.arraycopy(block.looksAsBytes(), 0, reference.looks(), from, block.size);
      for (int c = 0; c < channels; c++) {
        block.gather(c * pixels + from);
        block.summarise(c * pixels + from, minLooks, step[c], reference);
      }
    }
    return reference;
  }

  private static void requireShapes(int pixels, int channels, List<LookPixels> looks) {
    for (LookPixels look : looks) {
      if (look.features().length != channels * pixels || look.usable().length != pixels) {
        throw new IllegalArgumentException(
            "a look is not of " + channels + " channels and " + pixels + " pixels");
      }
    }
  }

  /** The scratch space of one block of pixels: a row per look, a column per pixel. */
  private static final class Block {
    private final int[][] rows;
    private final int[][] usable;
    private final short[][] features;
    private final int[] looks = new int[BLOCK];
    private final int[] needsOuter = new int[BLOCK];
    private final int[] early = new int[BLOCK];
    private final int[] late = new int[BLOCK];
    private final int[] valid = new int[BLOCK];
    private final int[] middle = new int[BLOCK];
    private final byte[] bytes = new byte[BLOCK];
    private int size;
    private int used;

    Block(int looks) {
      rows = new int[looks][BLOCK];
      usable = new int[looks][BLOCK];
      features = new short[looks][];
    }

    /** Finds which looks count for which pixel; looks that count for none are left out. */
    void choose(int from, List<LookPixels> inner, List<LookPixels> outer, int minLooks) {
      used = 0;
      Arrays.fill(looks, 0);
      Arrays.fill(early, 0);
      Arrays.fill(late, 0);
      Arrays.fill(needsOuter, 1);
      inner.forEach(look -> add(look, from));
      boolean any = false;
      for (int p = 0; p < size; p++) {
        boolean few = looks[p] < minLooks || (early[p] & late[p]) == 0;
        needsOuter[p] = few ? 1 : 0;
        any |= few;
      }
      if (any) {
        outer.forEach(look -> add(look, from));
        leaveOutOneSided();
      }
    }

    private void add(LookPixels look, int from) {
      int[] row = usable[used];
      int isEarly = look.seasonOffset() <= 0 ? 1 : 0;
      int isLate = look.seasonOffset() >= 0 ? 1 : 0;
      int any = 0;
      for (int p = 0; p < size; p++) {
        int counts = look.usable()[from + p] & needsOuter[p];
        row[p] = counts;
        looks[p] += counts;
        early[p] |= counts & isEarly;
        late[p] |= counts & isLate;
        any |= counts;
      }
      if (any != 0) {
        features[used++] = look.features();
      }
    }

    private void leaveOutOneSided() {
      for (int p = 0; p < size; p++) {
        if ((needsOuter[p] & ~(early[p] & late[p])) != 0) {
          looks[p] = 0;
          for (int k = 0; k < used; k++) {
            usable[k][p] = 0;
          }
        }
      }
    }

    byte[] looksAsBytes() {
      for (int p = 0; p < size; p++) {
        bytes[p] = (byte) looks[p];
      }
      return bytes;
    }

    /** Fills the rows with one channel's features, starting at a place of the planar array. */
    void gather(int at) {
      Arrays.fill(valid, 0);
      for (int k = 0; k < used; k++) {
        gatherRow(features[k], usable[k], at, rows[k]);
      }
    }

    private void gatherRow(short[] from, int[] counts, int at, int[] row) {
      for (int p = 0; p < size; p++) {
        int q = from[at + p];
        // All ones where the feature is valid and counts, else zero: no branch on the clouds.
        int mask = -counts[p] & ((INVALID - q) >> 31);
        row[p] = (q & mask) | (ABSENT & ~mask);
        valid[p] -= mask;
      }
    }

    /** Writes centre and spread of the gathered channel. */
    void summarise(int at, int minLooks, float step, Reference reference) {
      sort(rows, used, size);
      for (int p = 0; p < size; p++) {
        middle[p] = valid[p] >= minLooks ? twiceMedian(p) : 0;
      }
      // Twice the deviations, so that they stay whole numbers.
      for (int k = 0; k < used; k++) {
        deviate(rows[k], middle, size);
      }
      sort(rows, used, size);
      for (int p = 0; p < size; p++) {
        boolean enough = valid[p] >= minLooks;
        reference.centre()[at + p] = enough ? (float) (middle[p] * 0.5 * step) : Float.NaN;
        reference.spread()[at + p] =
            enough ? (float) (NORMAL * twiceMedian(p) * 0.25 * step) : Float.NaN;
      }
    }

    /** Sum of the two middle ones, or twice the middle one, of a pixel's sorted rows. */
    private int twiceMedian(int p) {
      return rows[(valid[p] - 1) / 2][p] + rows[valid[p] / 2][p];
    }

    private static void deviate(int[] row, int[] middle, int size) {
      for (int p = 0; p < size; p++) {
        int present = (row[p] - ABSENT) >> 31;
        row[p] = (Math.abs(2 * row[p] - middle[p]) & present) | (ABSENT & ~present);
      }
    }
  }

  /** Sorts every column of the first {@code n} rows. */
  private static void sort(int[][] rows, int n, int size) {
    if (n < 2) {
      return;
    }
    int top = Integer.highestOneBit(n - 1);
    for (int p = top; p > 0; p /= 2) {
      int q = top;
      int r = 0;
      int d = p;
      while (true) {
        for (int i = 0; i < n - d; i++) {
          if ((i & p) == r) {
            exchange(rows[i], rows[i + d], size);
          }
        }
        if (q == p) {
          break;
        }
        d = q - p;
        q /= 2;
        r = p;
      }
    }
  }

  private static void exchange(int[] low, int[] high, int size) {
    for (int p = 0; p < size; p++) {
      int a = low[p];
      int b = high[p];
      low[p] = Math.min(a, b);
      high[p] = Math.max(a, b);
    }
  }
}
