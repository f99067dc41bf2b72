package io.landshift.training.evaluation;

/**
 * The threshold with the highest F1. Chosen on the truth that it is measured on, it is an upper
 * bound of what a threshold chosen beforehand reaches.
 *
 * @param f1 0..1, NaN without any positive pixel
 * @param threshold pixels of at least this score are called positive; the highest of equally good
 *     ones; NaN without any positive pixel
 */
public record BestF1(double f1, double threshold) {

  /** Looks at every distinct score. */
  public static BestF1 of(RankedScores scores) {
    return of(scores, scores.unweighted());
  }

  static BestF1 of(RankedScores scores, int[] weights) {
    class Search implements RankedScores.Visitor {
      // F1 = 2 TP / (predicted + true positives in all); the last is only known at the end, but is
      // the same for all thresholds: a first pass counts it.
      final long truth;
      long truePositives;
      long predicted;
      double best = -1;
      double threshold = Double.NaN;

      Search(long truth) {
        this.truth = truth;
      }

      @Override
      public void visit(float score, long positives, long negatives) {
        truePositives += positives;
        predicted += positives + negatives;
        double f1 = 2.0 * truePositives / (predicted + truth);
        if (f1 > best) {
          best = f1;
          threshold = score;
        }
      }
    }
    long[] truth = new long[1];
    scores.visit(weights, (score, positives, negatives) -> truth[0] += positives);
    if (truth[0] == 0) {
      return new BestF1(Double.NaN, Double.NaN);
    }
    Search search = new Search(truth[0]);
    scores.visit(weights, search);
    return new BestF1(search.best, search.threshold);
  }
}
