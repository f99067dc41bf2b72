package io.landshift.training.evaluation;

import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Weighted means and covariance of bands. The covariance is of differences from the means, so that
 * bands that vary little around a large number lose no digits.
 *
 * @param weight sum of the weights
 * @param means of the bands
 */
record WeightedMoments(double weight, double[] means, RealMatrix covariance) {

  /**
   * Of pixels with a weight above 0; others are not looked at.
   *
   * @param planes [band][pixel]
   */
  static WeightedMoments of(float[][] planes, double[] weights) {
    int bands = planes.length;
    double weight = 0;
    for (double each : weights) {
      weight += each;
    }
    double total = weight;
    double[] means =
        IntStream.range(0, bands)
            .parallel()
            .mapToDouble(band -> mean(planes[band], weights, total))
            .toArray();
    RealMatrix covariance = new Array2DRowRealMatrix(bands, bands);
    int[][] pairs =
        IntStream.range(0, bands * bands)
            .filter(pair -> pair / bands <= pair % bands)
            .mapToObj(pair -> new int[] {pair / bands, pair % bands})
            .toArray(int[][]::new);
    double[] values =
        IntStream.range(0, pairs.length)
            .parallel()
            .mapToDouble(i -> covariance(planes, weights, means, pairs[i][0], pairs[i][1]) / total)
            .toArray();
    for (int i = 0; i < pairs.length; i++) {
      covariance.setEntry(pairs[i][0], pairs[i][1], values[i]);
      covariance.setEntry(pairs[i][1], pairs[i][0], values[i]);
    }
    return new WeightedMoments(total, means, covariance);
  }

  private static double mean(float[] plane, double[] weights, double total) {
    double sum = 0;
    for (int pixel = 0; pixel < plane.length; pixel++) {
      if (weights[pixel] > 0) {
        sum += weights[pixel] * plane[pixel];
      }
    }
    return sum / total;
  }

  private static double covariance(
      float[][] planes, double[] weights, double[] means, int first, int second) {
    float[] one = planes[first];
    float[] other = planes[second];
    double sum = 0;
    for (int pixel = 0; pixel < one.length; pixel++) {
      if (weights[pixel] > 0) {
        sum += weights[pixel] * (one[pixel] - means[first]) * (other[pixel] - means[second]);
      }
    }
    return sum;
  }
}
