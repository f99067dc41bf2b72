package io.landshift.change;

import java.util.Arrays;
import java.util.List;

/**
 * Median and median absolute deviation of many looks, per pixel and channel.
 *
 * <p>Exact, and the same for any number of threads or blocks: the features are whole numbers and
 * are compared as such. Pixels are taken in blocks that fit the cache, and a block's looks are
 * sorted by a network of compare-exchange steps (Batcher's merge exchange; Knuth, The Art of
 * Computer Programming 3, 5.2.2 M) over whole rows of pixels, without a branch per pixel. The
 * deviations are not sorted: they are found among the sorted features.
 *
 * <p>Pure functions; safe for use by several threads.
 */
public final class ReferenceStatistics {
  /** The quantised feature that means "not valid". */
  public static final short INVALID = Short.MIN_VALUE;

  /** Standard deviation of a normal distribution in units of its median absolute deviation. */
  private static final double NORMAL = 1.4826;

  /** Not 1024: rows that lie pages apart compete for the same lines of the cache. */
  private static final int BLOCK = 1000;

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
    return compute(pixels, channels, inner, looks -> outer, minLooks, step);
  }

  /** Gives the outer looks when it is known which pixels need them. */
  @FunctionalInterface
  public interface OuterLooks {
    /**
     * The outer looks; none where they are not wanted after all.
     *
     * @param looks usable inner looks of each pixel, an unsigned byte: one that has fewer than it
     *     needs is all that the outer looks are asked of, elsewhere they are not read
     */
    List<LookPixels> of(byte[] looks);
  }

  /**
   * The same reference, with outer looks that are asked for once, after the inner ones have been
   * counted: only blocks of pixels that have too few are worked out again.
   */
  public static Reference compute(
      int pixels,
      int channels,
      List<LookPixels> inner,
      OuterLooks outerLooks,
      int minLooks,
      float[] step) {
    requireShapes(pixels, channels, inner);
    requireCounts(inner.size(), minLooks, step.length, channels);
    Reference reference =
        new Reference(new float[channels * pixels], new float[channels * pixels], new byte[pixels]);
    Block block = new Block(inner.size());
    for (int from = 0; from < pixels; from += BLOCK) {
      block.compute(from, inner, List.of(), minLooks, step, reference);
    }
    List<LookPixels> outer = outerLooks.of(reference.looks());
    requireShapes(pixels, channels, outer);
    requireCounts(inner.size() + outer.size(), minLooks, step.length, channels);
    if (!outer.isEmpty()) {
      Block wider = new Block(inner.size() + outer.size());
      for (int from = 0; from < pixels; from += BLOCK) {
        if (anyFewer(reference.looks(), from, minLooks)) {
          wider.compute(from, inner, outer, minLooks, step, reference);
        }
      }
    }
    return reference;
  }

  private static boolean anyFewer(byte[] looks, int from, int minLooks) {
    for (int p = from; p < Math.min(looks.length, from + BLOCK); p++) {
      if ((looks[p] & 0xFF) < minLooks) {
        return true;
      }
    }
    return false;
  }

  private static void requireCounts(int looks, int minLooks, int steps, int channels) {
    if (looks > 255 || minLooks < 1 || steps != channels) {
      throw new IllegalArgumentException(
          looks + " looks (at most 255), at least " + minLooks + ", " + steps + " steps");
    }
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
    private final int[] spread = new int[BLOCK];
    private final int[] nearest = new int[BLOCK];
    private final int[] next = new int[BLOCK];

    /** Whether a pixel has so many valid looks. */
    private final boolean[] counts;

    /** 1 where there are enough looks, else 0. */
    private final float[] oneOrNone = new float[BLOCK];

    private final byte[] bytes = new byte[BLOCK];
    private int size;
    private int used;

    Block(int looks) {
      rows = new int[looks][BLOCK];
      usable = new int[looks][BLOCK];
      features = new short[looks][];
      counts = new boolean[looks + 1];
    }

    /** Works a block out, from a pixel on. */
    void compute(
        int from,
        List<LookPixels> inner,
        List<LookPixels> outer,
        int minLooks,
        float[] step,
        Reference reference) {
      int pixels = reference.looks().length;
      size = Math.min(BLOCK, pixels - from);
      choose(from, inner, outer, minLooks);
      System.arraycopy(looksAsBytes(), 0, reference.looks(), from, size);
      for (int c = 0; c < step.length; c++) {
        summarise(c * pixels + from, minLooks, step[c], reference);
      }
    }

    /** Finds which looks count for which pixel; looks that count for none are left out. */
    private void choose(int from, List<LookPixels> inner, List<LookPixels> outer, int minLooks) {
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

    private byte[] looksAsBytes() {
      for (int p = 0; p < size; p++) {
        bytes[p] = (byte) looks[p];
      }
      return bytes;
    }

    /** Fills the rows with one channel's features, starting at a place of the planar array. */
    private void gather(int at) {
      Arrays.fill(valid, 0);
      for (int k = 0; k < used; k++) {
        gatherRow(features[k], usable[k], at, rows[k]);
      }
    }

    /** In two loops: one that mixes widths of numbers and masks them is not vectorised. */
    private void gatherRow(short[] from, int[] counts, int at, int[] row) {
      for (int p = 0; p < size; p++) {
        row[p] = from[at + p];
      }
      for (int p = 0; p < size; p++) {
        int q = row[p];
        // All ones where the feature is valid and counts, else zero: no branch on the clouds.
        int mask = -counts[p] & ((INVALID - q) >> 31);
        row[p] = (q & mask) | (ABSENT & ~mask);
        valid[p] -= mask;
      }
    }

    /**
     * Writes centre and spread of a channel's block, which begins at a place of the planar array.
     */
    private void summarise(int at, int minLooks, float step, Reference reference) {
      if (used < minLooks) {
        Arrays.fill(reference.centre(), at, at + size, Float.NaN);
        Arrays.fill(reference.spread(), at, at + size, Float.NaN);
        return;
      }
      gather(at);
      sort(rows, used, size);
      findCounts();
      Arrays.fill(middle, 0);
      Arrays.fill(spread, 0);
      for (int looks = minLooks; looks <= used; looks++) {
        if (counts[looks]) {
          int lower = (looks + 1) / 2;
          int upper = looks / 2 + 1;
          addTwo(rows[lower - 1], rows[upper - 1], valid, looks, middle, size);
          findDeviation(looks, lower, nearest);
          if (upper == lower) {
            addTwo(nearest, nearest, valid, looks, spread, size);
          } else {
            findDeviation(looks, upper, next);
            addTwo(nearest, next, valid, looks, spread, size);
          }
        }
      }
      for (int p = 0; p < size; p++) {
        oneOrNone[p] = -((minLooks - 1 - valid[p]) >> 31);
      }
      scale(middle, 1, 0.5 * step, reference.centre(), at);
      scale(spread, NORMAL, 0.25 * step, reference.spread(), at);
    }

    /** Finds which numbers of valid looks pixels have. */
    private void findCounts() {
      Arrays.fill(counts, false);
      for (int p = 0; p < size; p++) {
        counts[valid[p]] = true;
      }
    }

    /** Adds two numbers where a pixel has so many looks. */
    private static void addTwo(int[] a, int[] b, int[] valid, int looks, int[] sums, int size) {
      for (int p = 0; p < size; p++) {
        // All ones where they are so many: of a number that is not negative, only 0 less 1 has a
        // sign.
        int mask = ((valid[p] ^ looks) - 1) >> 31;
        sums[p] = sums[p] + ((a[p] + b[p]) & mask);
      }
    }

    /**
     * Twice the deviation of a rank, counted from 1, of pixels that have so many looks: those that
     * deviate least lie next to each other among the sorted ones, so it is the smallest there is of
     * the largest deviation of as many neighbours, and that is one of the two at their ends.
     */
    private void findDeviation(int looks, int rank, int[] least) {
      Arrays.fill(least, 2 * ABSENT);
      for (int k = 0; k + rank <= looks; k++) {
        keepSmaller(least, rows[k], rows[k + rank - 1], middle, size);
      }
    }

    private static void keepSmaller(int[] least, int[] low, int[] high, int[] middle, int size) {
      for (int p = 0; p < size; p++) {
        int below = middle[p] - 2 * low[p];
        int above = 2 * high[p] - middle[p];
        int less = below - above;
        int larger = below - (less & (less >> 31));
        int excess = larger - least[p];
        least[p] = least[p] + (excess & (excess >> 31));
      }
    }

    /** The sums in feature units; none / none, which is NaN, where there were too few looks. */
    private void scale(int[] sums, double factor, double unit, float[] into, int at) {
      for (int p = 0; p < size; p++) {
        into[at + p] = (float) (sums[p] * factor * unit) / oneOrNone[p];
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

  /** By differences, which fill the vector units where Math.min and Math.max do not (measured). */
  private static void exchange(int[] low, int[] high, int size) {
    for (int p = 0; p < size; p++) {
      int a = low[p];
      int b = high[p];
      int difference = a - b;
      int excess = difference & (difference >> 31);
      low[p] = b + excess;
      high[p] = a - excess;
    }
  }
}
