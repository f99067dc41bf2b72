package io.landshift.training.evaluation;

import java.util.Arrays;

/**
 * Scored pixels with their truth, in the order of falling score; each pixel belongs to a block, the
 * unit that is drawn when the measures' uncertainty is estimated (a square of an image, or an
 * image).
 *
 * <p>Predicted positive is a pixel whose score is at least the threshold. Pixels of equal score are
 * never told apart. Immutable and thread-safe; 8 bytes a pixel.
 */
public final class RankedScores {
  private static final int TRUTH_BITS = 1;
  private static final int SCORE_SHIFT = 32;

  /**
   * Rising; each one a pixel: the score's bits made comparable as integers, then the block, then
   * the truth.
   */
  private final long[] pixels;

  private final int blocks;
  private final long[] positivesOfBlock;
  private final long[] negativesOfBlock;

  private RankedScores(long[] pixels, int blocks) {
    this.pixels = pixels;
    this.blocks = blocks;
    this.positivesOfBlock = new long[blocks];
    this.negativesOfBlock = new long[blocks];
    for (long pixel : pixels) {
      (isPositive(pixel) ? positivesOfBlock : negativesOfBlock)[block(pixel)]++;
    }
  }

  /**
   * Ranks whole arrays.
   *
   * @param scores higher means more positive; infinite is allowed, NaN is not
   * @param positive the truth of each pixel
   * @param block the block of each pixel, from 0
   * @throws IllegalArgumentException where lengths differ or a score is NaN
   */
  public static RankedScores of(float[] scores, boolean[] positive, int[] block) {
    if (scores.length != positive.length || scores.length != block.length) {
      throw new IllegalArgumentException(
          "lengths differ: %d scores, %d truths, %d blocks"
              .formatted(scores.length, positive.length, block.length));
    }
    Collector collector = new Collector(scores.length);
    for (int i = 0; i < scores.length; i++) {
      collector.add(scores[i], positive[i], block[i]);
    }
    return collector.rank();
  }

  /** Takes in pixels one by one; not thread-safe, of no use after {@link #rank()}. */
  public static final class Collector {
    private long[] pixels;
    private int size;
    private int blocks;

    /**
     * Takes in pixels until {@link #rank()}.
     *
     * @param expected number of pixels that will come, a hint
     */
    public Collector(int expected) {
      pixels = new long[Math.max(expected, 16)];
    }

    /**
     * Takes in one pixel.
     *
     * @param score not NaN
     * @param block from 0
     */
    public void add(float score, boolean positive, int block) {
      if (Float.isNaN(score)) {
        throw new IllegalArgumentException("a score is NaN: leave such pixels out");
      }
      if (block < 0) {
        throw new IllegalArgumentException("blocks count from 0: " + block);
      }
      if (size == pixels.length) {
        pixels = Arrays.copyOf(pixels, Math.multiplyExact(size, 2));
      }
      pixels[size++] =
          (long) comparable(score) << SCORE_SHIFT | (long) block << TRUTH_BITS | (positive ? 1 : 0);
      blocks = Math.max(blocks, block + 1);
    }

    /** The pixels taken in so far, ranked. */
    public RankedScores rank() {
      long[] ranked = size == pixels.length ? pixels : Arrays.copyOf(pixels, size);
      pixels = new long[16];
      size = 0;
      Arrays.parallelSort(ranked);
      return new RankedScores(ranked, blocks);
    }
  }

  /** Receives the pixels of one score. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes in one score.
     *
     * @param score falls from call to call
     * @param positives positive pixels of this score, weighted
     * @param negatives negative pixels of this score, weighted
     */
    void visit(float score, long positives, long negatives);
  }

  /**
   * Visits the distinct scores from the highest down.
   *
   * @param weights how often each block counts, one weight a block, 0 or more
   */
  void visit(int[] weights, Visitor visitor) {
    int i = pixels.length - 1;
    while (i >= 0) {
      int score = (int) (pixels[i] >> SCORE_SHIFT);
      long positives = 0;
      long negatives = 0;
      for (; i >= 0 && (int) (pixels[i] >> SCORE_SHIFT) == score; i--) {
        int weight = weights[block(pixels[i])];
        if (isPositive(pixels[i])) {
          positives += weight;
        } else {
          negatives += weight;
        }
      }
      if (positives + negatives > 0) {
        visitor.visit(score(score), positives, negatives);
      }
    }
  }

  /** Every block counts once. */
  int[] unweighted() {
    int[] weights = new int[blocks];
    Arrays.fill(weights, 1);
    return weights;
  }

  /** Number of pixels. */
  public int size() {
    return pixels.length;
  }

  /** Number of blocks; some may be without pixels. */
  public int blocks() {
    return blocks;
  }

  /** Number of pixels that are positive in truth. */
  public long positives() {
    return Arrays.stream(positivesOfBlock).sum();
  }

  /** Number of pixels that are negative in truth. */
  public long negatives() {
    return Arrays.stream(negativesOfBlock).sum();
  }

  /** Number of blocks that hold a pixel. */
  public int filledBlocks() {
    int filled = 0;
    for (int block = 0; block < blocks; block++) {
      filled += positivesOfBlock[block] + negativesOfBlock[block] > 0 ? 1 : 0;
    }
    return filled;
  }

  boolean holdsPixels(int block) {
    return positivesOfBlock[block] + negativesOfBlock[block] > 0;
  }

  /** Whether two rankings are of the same pixels, as far as each block's truth shows. */
  public boolean isPairedWith(RankedScores other) {
    return Arrays.equals(positivesOfBlock, other.positivesOfBlock)
        && Arrays.equals(negativesOfBlock, other.negativesOfBlock);
  }

  private static boolean isPositive(long pixel) {
    return (pixel & 1) != 0;
  }

  private static int block(long pixel) {
    return (int) pixel >>> TRUTH_BITS;
  }

  /** Integers in the order of the floats; both zeros are one. Its own inverse but for that. */
  private static int comparable(float score) {
    return flipNegative(Float.floatToIntBits(score + 0.0f));
  }

  private static float score(int comparable) {
    return Float.intBitsToFloat(flipNegative(comparable));
  }

  private static int flipNegative(int bits) {
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }
}
