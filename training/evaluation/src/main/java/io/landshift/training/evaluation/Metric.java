package io.landshift.training.evaluation;

/**
 * A measure of how well scores tell positive pixels from negative ones. Pure and thread-safe; NaN
 * where it is not defined, as without any positive pixel.
 */
@FunctionalInterface
public interface Metric {
  /**
   * Area under the ROC curve: the chance that a positive pixel scores higher than a negative one,
   * ties counting half (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747). 0..1, chance
   * is 0.5.
   */
  Metric ROC_AUC = Metric::rocAuc;

  /**
   * Average precision: the mean of the precision at each distinct score, weighted by the recall
   * gained there, without interpolation. 0..1, chance is the share of positives.
   */
  Metric AVERAGE_PRECISION = Metric::averagePrecision;

  /** The highest F1 that any threshold reaches. 0..1. */
  Metric BEST_F1 = (scores, weights) -> BestF1.of(scores, weights).f1();

  /**
   * Expected calibration error of scores that are probabilities: in 15 bins of equal width, the
   * difference between mean probability and share of positives, weighted by pixels (Naeini and
   * others 2015, doi:10.1609/aaai.v29i1.9602). 0..1, 0 is best; NaN where a score is not 0..1.
   */
  Metric CALIBRATION_ERROR = Metric::calibrationError;

  /**
   * The measure with blocks counted as often as they were drawn.
   *
   * @param weights how often each block counts: one a block, 0 or more
   */
  double of(RankedScores scores, int[] weights);

  /** The measure with every block counted once. */
  default double of(RankedScores scores) {
    return of(scores, scores.unweighted());
  }

  /** F1 where pixels of at least this score are called positive. */
  static Metric f1At(double threshold) {
    return (scores, weights) -> Confusion.of(scores, weights, threshold).f1();
  }

  /** Intersection over union of the positive class at this threshold. */
  static Metric iouAt(double threshold) {
    return (scores, weights) -> Confusion.of(scores, weights, threshold).iou();
  }

  private static double rocAuc(RankedScores scores, int[] weights) {
    // Pairs of a positive and a negative pixel that are in order, counted twice so that ties stay
    // whole numbers.
    class Pairs implements RankedScores.Visitor {
      long positivesAbove;
      long negatives;
      double ordered;

      @Override
      public void visit(float score, long positives, long negativesHere) {
        ordered += negativesHere * (2.0 * positivesAbove + positives);
        positivesAbove += positives;
        negatives += negativesHere;
      }
    }
    Pairs pairs = new Pairs();
    scores.visit(weights, pairs);
    return pairs.ordered / (2.0 * pairs.positivesAbove * pairs.negatives);
  }

  private static double calibrationError(RankedScores scores, int[] weights) {
    int bins = 15;
    double[] excess = new double[bins];
    long[] pixels = new long[1];
    scores.visit(
        weights,
        (score, positives, negatives) -> {
          long here = positives + negatives;
          // The casts of NaN and of what lies outside would fall into a bin: they spoil the sum.
          boolean probability = score >= 0 && score <= 1;
          int bin = Math.clamp((long) (score * bins), 0, bins - 1);
          excess[bin] += probability ? (double) score * here - positives : Double.NaN;
          pixels[0] += here;
        });
    double sum = 0;
    for (double each : excess) {
      sum += Math.abs(each);
    }
    return sum / pixels[0];
  }

  private static double averagePrecision(RankedScores scores, int[] weights) {
    class Sum implements RankedScores.Visitor {
      long truePositives;
      long predicted;
      double sum;

      @Override
      public void visit(float score, long positives, long negatives) {
        truePositives += positives;
        predicted += positives + negatives;
        sum += positives * ((double) truePositives / predicted);
      }
    }
    Sum sum = new Sum();
    scores.visit(weights, sum);
    return sum.sum / sum.truePositives;
  }
}
