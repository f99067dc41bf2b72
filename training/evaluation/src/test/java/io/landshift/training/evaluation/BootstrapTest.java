package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final int BLOCKS = 30;

  @Test
  void coversTheTrueValueAboutAsOftenAsItSays() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    // given: scores N(1, 1) for positives, N(0, 1) for negatives; the AUC is Phi(1 / sqrt 2)
    double truth = 0.7602499389;
    int covered = 0;
    int runs = 300;
    for (int run = 0; run < runs; run++) {
      RankedScores scores = normal(random, 1.0);

      // when
      Interval interval =
          new Bootstrap(300, 0.9, random.nextLong()).interval(scores, Metric.ROC_AUC);
      covered += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
    }

    // then: 270 expected, standard deviation 5; percentile intervals are a little short
    assertThat(covered).isBetween(240, 290);
  }

  @Test
  void isAsWideAsBlocksDifferNotAsPixelsDo() {
    // given: two kinds of blocks, each block's pixels all alike: the number of pixels says nothing
    int pixels = 1000;
    float[] scores = new float[BLOCKS * pixels];
    boolean[] truth = new boolean[scores.length];
    int[] block = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      block[i] = i / pixels;
      scores[i] = block[i] % 2;
      truth[i] = i % 2 == 0;
    }

    // when: the share of positives called positive at 0.5 is the share of odd blocks drawn
    Interval interval =
        new Bootstrap(4000, 0.95, SEED)
            .interval(
                RankedScores.of(scores, truth, block),
                (ranked, weights) -> Confusion.of(ranked, weights, 0.5).recall());

    // then: binomial with 30 draws, standard error 0.0913, 95 % interval 0.5 +- 0.179
    System.out.println("seed " + SEED);
    assertThat(interval.low()).isEqualTo(0.5 - 0.179, within(0.04));
    assertThat(interval.high()).isEqualTo(0.5 + 0.179, within(0.04));
  }

  @Test
  void sameSeedSameInterval() {
    // given
    RankedScores scores = normal(new Random(1), 1.0);

    // when
    Interval first = new Bootstrap(200, 0.95, 7).interval(scores, Metric.AVERAGE_PRECISION);
    Interval second = new Bootstrap(200, 0.95, 7).interval(scores, Metric.AVERAGE_PRECISION);
    Interval other = new Bootstrap(200, 0.95, 8).interval(scores, Metric.AVERAGE_PRECISION);

    // then
    assertThat(second).isEqualTo(first);
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void pairedDifferenceIsNarrowerThanTheScoresAreUncertain() {
    System.out.println("seed " + SEED);
    // given: the same scores, once with a little noise, so that the two AUCs rise and fall together
    Random random = new Random(SEED);
    float[] scores = new float[BLOCKS * 20];
    float[] worse = new float[scores.length];
    boolean[] truth = new boolean[scores.length];
    int[] block = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      block[i] = i / 20;
      truth[i] = random.nextBoolean();
      scores[i] = (float) (random.nextGaussian() + (truth[i] ? 1 : 0));
      worse[i] = (float) (scores[i] + 0.2 * random.nextGaussian());
    }
    RankedScores better = RankedScores.of(scores, truth, block);
    RankedScores noisy = RankedScores.of(worse, truth, block);
    Bootstrap bootstrap = new Bootstrap(500, 0.95, SEED);

    // when
    Interval difference = bootstrap.intervalOfDifference(better, noisy, Metric.ROC_AUC);
    Interval none = bootstrap.intervalOfDifference(better, better, Metric.ROC_AUC);
    Interval alone = bootstrap.interval(better, Metric.ROC_AUC);

    // then
    double seen = Metric.ROC_AUC.of(better) - Metric.ROC_AUC.of(noisy);
    assertThat(seen).isBetween(difference.low(), difference.high());
    assertThat(difference.high() - difference.low()).isLessThan(alone.high() - alone.low());
    assertThat(none).isEqualTo(new Interval(0, 0));
  }

  @Test
  void refusesToCompareDifferentPixels() {
    // given
    RankedScores two = RankedScores.of(new float[2], new boolean[2], new int[] {0, 1});
    RankedScores three = RankedScores.of(new float[3], new boolean[3], new int[] {0, 1, 1});

    // when, then
    assertThatThrownBy(
            () -> new Bootstrap(100, 0.95, 1).intervalOfDifference(two, three, Metric.ROC_AUC))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneBlockTellsNothing() {
    // given
    RankedScores scores =
        RankedScores.of(new float[] {1, 2}, new boolean[] {false, true}, new int[2]);

    // when
    Interval interval = new Bootstrap(100, 0.95, 1).interval(scores, Metric.ROC_AUC);

    // then
    assertThat(interval).isEqualTo(Interval.UNKNOWN);
  }

  private static RankedScores normal(Random random, double shift) {
    RankedScores.Collector collector = new RankedScores.Collector(BLOCKS * 10);
    for (int i = 0; i < BLOCKS * 10; i++) {
      boolean positive = random.nextBoolean();
      collector.add((float) (random.nextGaussian() + (positive ? shift : 0)), positive, i / 10);
    }
    return collector.rank();
  }
}
