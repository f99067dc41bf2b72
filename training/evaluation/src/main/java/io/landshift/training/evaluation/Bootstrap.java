package io.landshift.training.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap over blocks: neighbouring pixels are alike, so whole blocks are drawn with
 * replacement, not pixels (Efron and Tibshirani 1993, chapters 8 and 13).
 *
 * <p>The same seed draws the same blocks, so that intervals are repeatable and two scores are
 * compared on the same draws. Works on all processors; a replicate costs one pass over the pixels.
 * Immutable and thread-safe.
 *
 * @param replicates number of draws, from 100
 * @param confidence share of the replicates inside the interval, between 0 and 1
 * @param seed of the draws; print it with the result
 */
public record Bootstrap(int replicates, double confidence, long seed) {

  public Bootstrap {
    if (replicates < 100) {
      throw new IllegalArgumentException("a bootstrap needs 100 replicates or more: " + replicates);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence lies between 0 and 1: " + confidence);
    }
  }

  /** Interval of a measure; blocks without pixels are not drawn. */
  public Interval interval(RankedScores scores, Metric metric) {
    return interval(scores, weights -> metric.of(scores, weights));
  }

  /**
   * Interval of the difference {@code metric(scores) - metric(other)}, both on the same draws: if
   * it does not hold 0, the one is better than the other on images like these.
   *
   * @throws IllegalArgumentException where the two are not of the same pixels
   */
  public Interval intervalOfDifference(RankedScores scores, RankedScores other, Metric metric) {
    if (!scores.isPairedWith(other)) {
      throw new IllegalArgumentException(
          "a paired comparison needs both scores on the same pixels in the same blocks");
    }
    return interval(scores, weights -> metric.of(scores, weights) - metric.of(other, weights));
  }

  private Interval interval(RankedScores scores, ToDoubleFunction<int[]> measure) {
    int[] filled = filled(scores);
    if (filled.length < 2) {
      return Interval.UNKNOWN;
    }
    SplittableRandom[] randoms = new SplittableRandom[replicates];
    SplittableRandom root = new SplittableRandom(seed);
    Arrays.setAll(randoms, replicate -> root.split());
    double[] values =
        Arrays.stream(randoms)
            .parallel()
            .mapToDouble(random -> measure.applyAsDouble(draw(scores.blocks(), filled, random)))
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    if (values.length * 2 < replicates) {
      return Interval.UNKNOWN;
    }
    double tail = (1 - confidence) / 2;
    return new Interval(quantile(values, tail), quantile(values, 1 - tail));
  }

  private static int[] draw(int blocks, int[] filled, SplittableRandom random) {
    int[] weights = new int[blocks];
    for (int draw = 0; draw < filled.length; draw++) {
      weights[filled[random.nextInt(filled.length)]]++;
    }
    return weights;
  }

  private static int[] filled(RankedScores scores) {
    int[] filled = new int[scores.blocks()];
    int count = 0;
    for (int block = 0; block < filled.length; block++) {
      if (scores.holdsPixels(block)) {
        filled[count++] = block;
      }
    }
    return Arrays.copyOf(filled, count);
  }

  /** Linear between the ordered values (type 7 of Hyndman and Fan 1996). */
  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
