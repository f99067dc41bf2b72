package io.landshift.training.evaluation;

/**
 * How often prediction and truth agree at one threshold, in pixels. Measures are NaN where they
 * would divide by nothing.
 *
 * @param truePositives positive in both
 * @param falsePositives predicted only
 * @param falseNegatives missed
 * @param trueNegatives positive in neither
 */
public record Confusion(
    long truePositives, long falsePositives, long falseNegatives, long trueNegatives) {

  /** Counts where pixels of at least the threshold are called positive. */
  public static Confusion of(RankedScores scores, double threshold) {
    return of(scores, scores.unweighted(), threshold);
  }

  static Confusion of(RankedScores scores, int[] weights, double threshold) {
    // true positives, false positives, false negatives, true negatives
    long[] counts = new long[4];
    scores.visit(
        weights,
        (score, positives, negatives) -> {
          int first = score >= threshold ? 0 : 2;
          counts[first] += positives;
          counts[first + 1] += negatives;
        });
    return new Confusion(counts[0], counts[1], counts[2], counts[3]);
  }

  /** Share of the predicted that is true, 0..1. */
  public double precision() {
    return ratio(truePositives, truePositives + falsePositives);
  }

  /** Share of the true that is predicted, 0..1. */
  public double recall() {
    return ratio(truePositives, truePositives + falseNegatives);
  }

  /** Harmonic mean of precision and recall, 0..1. */
  public double f1() {
    return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
  }

  /** Intersection over union of the positive class, 0..1. */
  public double iou() {
    return ratio(truePositives, truePositives + falsePositives + falseNegatives);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
