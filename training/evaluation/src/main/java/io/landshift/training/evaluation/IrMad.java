package io.landshift.training.evaluation;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.apache.commons.math3.special.Gamma;

/**
 * Iteratively reweighted multivariate alteration detection of two dates (Nielsen 2007,
 * doi:10.1109/TIP.2006.888195): what is left of a pixel's change once all that a linear map of the
 * bands explains is taken off. Gain, offset and any mixing of bands between the dates do not count
 * as change; the dates may have different bands.
 *
 * <p>Canonical correlations of the two dates give pairs of variates of unit variance, whose
 * differences have the variance 2 (1 - correlation) where nothing changed. The sum of their squares
 * over these variances is chi-square distributed there; each round weighs the pixels by how likely
 * so large a sum is without change, until the correlations stay.
 *
 * <p>Unlike in the paper, the variances of weighted pixels are brought back to those of all
 * unchanged ones: the weights favour small differences, by a factor that is known, and without it
 * the correlations run towards 1 and scores are some times what chi-square says. Immutable and
 * thread-safe.
 */
public final class IrMad {
  private static final int MOST_ROUNDS = 100;
  private static final double SETTLED = 1e-4;

  /** Directions with less than this share of the largest variance are rounding. */
  private static final double LEAST_VARIANCE_SHARE = 1e-10;

  /** A standard deviation of less than 1e-7 of the mean is the rounding of float32. */
  private static final double LEAST_RELATIVE_VARIANCE = 1e-14;

  /** Variates are not believed to agree better than to 0.1 % of their standard deviation. */
  private static final double LEAST_DIFFERENCE_VARIANCE = 1e-6;

  /** Fewer unchanged pixels for each of the bands than this do not hold a covariance. */
  private static final int PIXELS_A_BAND = 10;

  private final float[] scores;
  private final double[] correlations;
  private final int rounds;
  private final boolean settled;

  private IrMad(float[] scores, double[] correlations, int rounds, boolean settled) {
    this.scores = scores;
    this.correlations = correlations;
    this.rounds = rounds;
    this.settled = settled;
  }

  /**
   * Compares two dates. Inputs are not changed; needs 8 bytes of heap a pixel and works on all
   * processors.
   *
   * @param before [band][pixel], in any unit; NaN where not known
   * @param after of the same pixels, whatever its bands
   * @throws IllegalArgumentException where planes differ in length or a date has no band
   * @throws LandshiftException NO_VALID_PIXELS where fewer than ten pixels a band are known on both
   *     dates, or a date is the same everywhere
   */
  public static IrMad of(float[][] before, float[][] after) {
    int pixels = requirePlanes(before, after);
    boolean[] valid = valid(before, after, pixels);
    int bands = before.length + after.length;
    long known = IntStream.range(0, pixels).filter(pixel -> valid[pixel]).count();
    if (known < (long) PIXELS_A_BAND * bands) {
      throw new LandshiftException(
          FailureReason.NO_VALID_PIXELS,
          "IR-MAD of %d bands needs %d pixels that both dates know, there are %d"
              .formatted(bands, PIXELS_A_BAND * bands, known));
    }
    float[][] planes = new float[bands][];
    System.arraycopy(before, 0, planes, 0, before.length);
    System.arraycopy(after, 0, planes, before.length, after.length);
    return reweighted(planes, before.length, valid);
  }

  private static IrMad reweighted(float[][] planes, int bandsBefore, boolean[] valid) {
    double[] weights = new double[valid.length];
    for (int pixel = 0; pixel < valid.length; pixel++) {
      weights[pixel] = valid[pixel] ? 1 : 0;
    }
    float[] scores = new float[0];
    double[] correlations = new double[0];
    double shrinkage = 1;
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      WeightedMoments moments = WeightedMoments.of(planes, weights);
      if (moments.weight() < PIXELS_A_BAND * planes.length) {
        // What is left unchanged no longer holds the statistics: the round before is the answer.
        return new IrMad(scores, correlations, round - 1, false);
      }
      Variates variates = Variates.of(moments, bandsBefore, shrinkage);
      scores = variates.scores(planes, valid);
      double step = largestStep(correlations, variates.correlations());
      correlations = variates.correlations();
      if (step < SETTLED) {
        return new IrMad(scores, correlations, round, true);
      }
      Survival survival = new Survival(correlations.length);
      survival.of(scores, weights);
      shrinkage = survival.shrinkage();
    }
    return new IrMad(scores, correlations, MOST_ROUNDS, false);
  }

  private static double largestStep(double[] earlier, double[] now) {
    if (earlier.length != now.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int i = 0; i < now.length; i++) {
      largest = Math.max(largest, Math.abs(now[i] - earlier[i]));
    }
    return largest;
  }

  /**
   * Per pixel the sum of the squared variates: chi-square distributed with as many degrees of
   * freedom as there are {@link #correlations} where nothing changed. A fresh copy; 0 or more, NaN
   * where a band is.
   */
  public float[] scores() {
    return scores.clone();
  }

  /** Canonical correlations of the unchanged pixels, falling, 0..1. A fresh copy. */
  public double[] correlations() {
    return correlations.clone();
  }

  /** How often the pixels were weighed. */
  public int rounds() {
    return rounds;
  }

  /** Whether the correlations came to rest; where not, too much changed for a no-change model. */
  public boolean settled() {
    return settled;
  }

  private static int requirePlanes(float[][] before, float[][] after) {
    if (before.length == 0 || after.length == 0) {
      throw new IllegalArgumentException("each date needs a band");
    }
    int pixels = before[0].length;
    for (float[][] date : new float[][][] {before, after}) {
      for (float[] plane : date) {
        if (plane.length != pixels) {
          throw new IllegalArgumentException(
              "planes differ in length: " + pixels + " and " + plane.length);
        }
      }
    }
    return pixels;
  }

  private static boolean[] valid(float[][] before, float[][] after, int pixels) {
    boolean[] valid = new boolean[pixels];
    for (int pixel = 0; pixel < pixels; pixel++) {
      float sum = 0;
      for (float[] plane : before) {
        sum += 0 * plane[pixel];
      }
      for (float[] plane : after) {
        sum += 0 * plane[pixel];
      }
      // Also infinite numbers make this NaN.
      valid[pixel] = sum == 0;
    }
    return valid;
  }

  /**
   * The linear combinations of the bands that differ by the canonical variates.
   *
   * @param means of the bands of both dates
   * @param differences [variate][band of both dates], over the standard deviation of no change
   */
  private record Variates(double[] means, double[][] differences, double[] correlations) {

    static Variates of(WeightedMoments moments, int bandsBefore, double shrinkage) {
      RealMatrix all = moments.covariance();
      int last = all.getRowDimension() - 1;
      RealMatrix whitenBefore = whitening(all, moments.means(), 0, bandsBefore);
      RealMatrix whitenAfter = whitening(all, moments.means(), bandsBefore, last + 1);
      RealMatrix between = all.getSubMatrix(0, bandsBefore - 1, bandsBefore, last);
      SingularValueDecomposition canonical =
          new SingularValueDecomposition(
              whitenBefore.multiply(between).multiply(whitenAfter.transpose()));
      RealMatrix a = whitenBefore.transpose().multiply(canonical.getU());
      RealMatrix b = whitenAfter.transpose().multiply(canonical.getV());
      int count = Math.min(whitenBefore.getRowDimension(), whitenAfter.getRowDimension());
      double[] correlations = new double[count];
      double[][] differences = new double[count][last + 1];
      for (int i = 0; i < count; i++) {
        double weighted = Math.min(1, canonical.getSingularValues()[i]);
        double variance = 2 * (1 - weighted) / shrinkage;
        double deviation = Math.sqrt(Math.max(variance, LEAST_DIFFERENCE_VARIANCE));
        correlations[i] = (2 * (1 + weighted) - variance) / (2 * (1 + weighted) + variance);
        for (int band = 0; band <= last; band++) {
          differences[i][band] =
              (band < bandsBefore ? a.getEntry(band, i) : -b.getEntry(band - bandsBefore, i))
                  / deviation;
        }
      }
      return new Variates(moments.means(), differences, correlations);
    }

    /**
     * Rows that turn the bands into uncorrelated ones of unit variance; bands are brought to unit
     * variance first, so that no unit decides which directions count. Bands that are combinations
     * of others add no row.
     */
    private static RealMatrix whitening(RealMatrix all, double[] means, int from, int to) {
      int bands = to - from;
      double[] scale = new double[bands];
      for (int i = 0; i < bands; i++) {
        double variance = all.getEntry(from + i, from + i);
        boolean varies = variance > LEAST_RELATIVE_VARIANCE * means[from + i] * means[from + i];
        scale[i] = varies ? 1 / Math.sqrt(variance) : 0;
      }
      RealMatrix correlation = new Array2DRowRealMatrix(bands, bands);
      for (int i = 0; i < bands; i++) {
        for (int j = 0; j < bands; j++) {
          correlation.setEntry(i, j, all.getEntry(from + i, from + j) * scale[i] * scale[j]);
        }
      }
      EigenDecomposition eigen = new EigenDecomposition(correlation);
      double[] variances = eigen.getRealEigenvalues();
      double largest = variances[0];
      int[] kept =
          IntStream.range(0, bands)
              .filter(i -> variances[i] > LEAST_VARIANCE_SHARE * largest)
              .toArray();
      if (kept.length == 0 || !(largest > 0)) {
        throw new LandshiftException(
            FailureReason.NO_VALID_PIXELS,
            "a date is the same everywhere: IR-MAD needs bands that vary");
      }
      RealMatrix rows = new Array2DRowRealMatrix(kept.length, bands);
      for (int row = 0; row < kept.length; row++) {
        for (int band = 0; band < bands; band++) {
          rows.setEntry(
              row,
              band,
              eigen.getV().getEntry(band, kept[row])
                  * scale[band]
                  / Math.sqrt(variances[kept[row]]));
        }
      }
      return rows;
    }

    float[] scores(float[][] planes, boolean[] valid) {
      float[] scores = new float[valid.length];
      IntStream.range(0, valid.length)
          .parallel()
          .forEach(pixel -> scores[pixel] = valid[pixel] ? score(planes, pixel) : Float.NaN);
      return scores;
    }

    private float score(float[][] planes, int pixel) {
      double sum = 0;
      for (double[] difference : differences) {
        double variate = 0;
        for (int band = 0; band < planes.length; band++) {
          variate += difference[band] * (planes[band][pixel] - means[band]);
        }
        sum += variate * variate;
      }
      return (float) sum;
    }
  }

  /** The chance of a larger chi-square number, from a table: linear between 4096 points. */
  private static final class Survival {
    private static final int POINTS = 4096;

    /** The tail beyond has less than 1e-9 for up to 40 degrees of freedom; 0 is taken for it. */
    private final double end;

    private final double[] table = new double[POINTS + 1];
    private final int degrees;

    Survival(int degrees) {
      this.degrees = degrees;
      end = 60 + 3.0 * degrees;
      for (int i = 0; i < POINTS; i++) {
        table[i] = Gamma.regularizedGammaQ(degrees / 2.0, end * i / POINTS / 2);
      }
    }

    /**
     * The variance of unchanged pixels that are weighed so, over their variance: of n degrees of
     * freedom the mean of the lesser of two chi-square numbers, over n. The integral of the squared
     * chances is that mean.
     */
    double shrinkage() {
      double sum = table[0] * table[0] / 2;
      for (int i = 1; i < POINTS; i++) {
        sum += table[i] * table[i];
      }
      return sum * end / POINTS / degrees;
    }

    /** The weights of the next round; a pixel that is not known keeps its 0. */
    void of(float[] scores, double[] weights) {
      for (int pixel = 0; pixel < scores.length; pixel++) {
        double position = scores[pixel] / end * POINTS;
        if (position < POINTS) {
          int below = (int) position;
          weights[pixel] = table[below] + (position - below) * (table[below + 1] - table[below]);
        } else {
          weights[pixel] = 0;
        }
      }
    }
  }
}
