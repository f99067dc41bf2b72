package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IrMadTest {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final int PIXELS = 10_000;
  private static final int BANDS = 4;

  /** Gain, offset and mixing between the dates: far from the identity, and invertible. */
  private static final double[][] MIXING = {
    {1.7, 0.2, 0, 0, 40}, {-0.4, 0.6, 0.1, 0, -3}, {0, 0.3, -2.2, 0, 0.5}, {0.1, 0, 0, 0.01, 7}
  };

  private final Random random = new Random(SEED);

  @Test
  void scoresOfUnchangedPixelsAreChiSquareWhateverTheLinearMap() {
    System.out.println("seed " + SEED);
    // given: the second date is the first through a linear map, and noise
    float[][] before = scene();
    float[][] after = mixed(before, 0.05);

    // when
    IrMad mad = IrMad.of(before, after);

    // then: the table of chi-square of 4 degrees of freedom has 3.357 at 50 %, 7.779 at 90 %
    assertThat(mad.settled()).isTrue();
    assertThat(mad.correlations())
        .hasSize(BANDS)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(shareAbove(mad.scores(), 3.357)).isEqualTo(0.5, within(0.03));
    assertThat(shareAbove(mad.scores(), 7.779)).isEqualTo(0.1, within(0.02));
  }

  @Test
  void findsPlantedChangeThatTheChangeVectorCannot() {
    System.out.println("seed " + SEED);
    // given: one pixel in twenty is another ground on the second date
    float[][] before = scene();
    float[][] after = mixed(before, 0.02);
    float[][] other = mixed(scene(), 0.02);
    boolean[] changed = new boolean[PIXELS];
    for (int pixel = 0; pixel < PIXELS; pixel += 20) {
      changed[pixel] = true;
      for (int band = 0; band < BANDS; band++) {
        after[band][pixel] = other[band][pixel];
      }
    }

    // when
    IrMad mad = IrMad.of(before, after);

    // then: only what is drawn close to what was there before stays unseen
    assertThat(auc(mad.scores(), changed)).isGreaterThan(0.99);
    assertThat(auc(Comparators.changeVectorLength(before, after), changed)).isLessThan(0.9);
    assertThat(shareAbove(mad.scores(), 7.779)).isEqualTo(0.05 + 0.95 * 0.1, within(0.04));
  }

  @Test
  void anExactLinearMapIsNoChange() {
    System.out.println("seed " + SEED);
    // given
    float[][] before = scene();
    float[][] after = mixed(before, 0);
    after[2][77] += 5;

    // when
    IrMad mad = IrMad.of(before, after);

    // then
    float[] scores = mad.scores();
    float largestOfOthers = 0;
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      largestOfOthers = pixel == 77 ? largestOfOthers : Math.max(largestOfOthers, scores[pixel]);
    }
    assertThat(largestOfOthers).isLessThan(0.1f);
    assertThat(scores[77]).isGreaterThan(1000f);
    for (double correlation : mad.correlations()) {
      assertThat(correlation).isBetween(0.999999, 1.0);
    }
  }

  @Test
  void ofOneBandEachItIsTheDifferenceOfStandardisedNumbers() {
    System.out.println("seed " + SEED);
    // given: one band, so that the canonical correlation is that of Pearson, without its sign
    float[][] before = {new float[PIXELS]};
    float[][] after = {new float[PIXELS]};
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      double common = random.nextGaussian();
      before[0][pixel] = (float) (3 + common);
      after[0][pixel] = (float) (9 - 2 * (common + 0.5 * random.nextGaussian()));
    }

    // when
    IrMad mad = IrMad.of(before, after);

    // then: the correlation of x and x + 0.5 noise is 1 / sqrt(1.25), the mean of chi-square of one
    // degree of freedom is 1; over 300 seeds the mean's standard deviation was 0.025
    assertThat(mad.correlations()).hasSize(1);
    assertThat(mad.correlations()[0]).isEqualTo(1 / Math.sqrt(1.25), within(0.01));
    double sum = 0;
    for (float score : mad.scores()) {
      sum += score;
    }
    assertThat(sum / PIXELS).isEqualTo(1, within(0.15));
  }

  @Test
  void neitherUnitsNorRepeatedNorConstantBandsMatter() {
    System.out.println("seed " + SEED);
    // given
    float[][] before = scene();
    float[][] after = mixed(before, 0.05);
    float[][] other = {after[3], before[0].clone(), after[2], after[1], after[0], after[1]};
    Arrays.fill(other[1], 0.1f);
    float[] kilo = after[2].clone();
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      kilo[pixel] = kilo[pixel] * 1000 - 5;
    }
    other[2] = kilo;

    // when
    float[] plain = IrMad.of(before, after).scores();
    float[] same = IrMad.of(before, other).scores();

    // then
    float apart = 0;
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      apart = Math.max(apart, Math.abs(same[pixel] - plain[pixel]) / (1 + plain[pixel]));
    }
    assertThat(apart).isLessThan(0.01f);
  }

  @Test
  void leavesOutWhatIsNotKnown() {
    // given
    float[][] before = scene();
    float[][] after = mixed(before, 0.05);
    before[1][5] = Float.NaN;
    after[3][6] = Float.POSITIVE_INFINITY;

    // when
    float[] scores = IrMad.of(before, after).scores();

    // then
    assertThat(scores[5]).isNaN();
    assertThat(scores[6]).isNaN();
    assertThat(scores[7]).isNotNaN();
  }

  @Test
  void refusesWhatHoldsNoStatistics() {
    assertThatThrownBy(() -> IrMad.of(new float[2][79], new float[2][79]))
        .as("all the same")
        .isInstanceOfSatisfying(LandshiftException.class, IrMadTest::assertNoPixels);
    assertThatThrownBy(() -> IrMad.of(new float[2][500], new float[2][500]))
        .isInstanceOfSatisfying(LandshiftException.class, IrMadTest::assertNoPixels);
    assertThatThrownBy(() -> IrMad.of(new float[2][500], new float[2][499]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IrMad.of(new float[0][], new float[2][499]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertNoPixels(LandshiftException failure) {
    assertThat(failure.reason()).isEqualTo(FailureReason.NO_VALID_PIXELS);
  }

  private float[][] scene() {
    float[][] bands = new float[BANDS][PIXELS];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      double common = random.nextGaussian();
      for (int band = 0; band < BANDS; band++) {
        bands[band][pixel] = (float) (common + (band + 1) * 0.5 * random.nextGaussian());
      }
    }
    return bands;
  }

  private float[][] mixed(float[][] before, double noise) {
    float[][] after = new float[BANDS][PIXELS];
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      double[] seen = new double[BANDS];
      for (int band = 0; band < BANDS; band++) {
        seen[band] = before[band][pixel] + noise * random.nextGaussian();
      }
      for (int band = 0; band < BANDS; band++) {
        double sum = MIXING[band][BANDS];
        for (int from = 0; from < BANDS; from++) {
          sum += MIXING[band][from] * seen[from];
        }
        after[band][pixel] = (float) sum;
      }
    }
    return after;
  }

  private static double shareAbove(float[] scores, double limit) {
    int above = 0;
    for (float score : scores) {
      above += score > limit ? 1 : 0;
    }
    return (double) above / scores.length;
  }

  private static double auc(float[] scores, boolean[] changed) {
    return Metric.ROC_AUC.of(RankedScores.of(scores, changed, new int[scores.length]));
  }
}
