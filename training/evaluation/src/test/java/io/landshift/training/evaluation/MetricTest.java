package io.landshift.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetricTest {
  private static final double EXACT = 1e-12;
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());

  /** A pixel as the oracles see it. */
  private record Pixel(float score, boolean positive, int block) {}

  @Test
  void agreesWithTheExamplesOfScikitLearn() {
    // given: the examples of the manual pages roc_auc_score and average_precision_score
    float[] scores = {0.1f, 0.4f, 0.35f, 0.8f};
    boolean[] truth = {false, false, true, true};

    // when
    RankedScores ranked = RankedScores.of(scores, truth, new int[4]);

    // then
    assertThat(Metric.ROC_AUC.of(ranked)).isEqualTo(0.75, within(EXACT));
    assertThat(Metric.AVERAGE_PRECISION.of(ranked)).isEqualTo(0.8333333333333333, within(EXACT));
  }

  @Test
  void allPixelsAlikeIsChance() {
    // given
    float[] scores = {3, 3, 3, 3, 3};
    boolean[] truth = {true, false, true, false, false};

    // when
    RankedScores ranked = RankedScores.of(scores, truth, new int[5]);

    // then
    assertThat(Metric.ROC_AUC.of(ranked)).isEqualTo(0.5, within(EXACT));
    assertThat(Metric.AVERAGE_PRECISION.of(ranked)).isEqualTo(0.4, within(EXACT));
    assertThat(BestF1.of(ranked)).isEqualTo(new BestF1(4.0 / 7.0, 3));
  }

  @Test
  void agreesWithCountingEveryPair() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int run = 0; run < 200; run++) {
      // given: many ties, both signs, both zeros, infinities
      List<Pixel> pixels = randomPixels(random, 2 + random.nextInt(60), 5);
      int[] weights = random.ints(5, 0, 3).toArray();
      List<Pixel> repeated = repeat(pixels, weights);
      double threshold = random.nextInt(7) - 3;

      // when
      RankedScores ranked = rank(pixels);

      // then: weights count as if the blocks' pixels were there so often
      assertSame(Metric.ROC_AUC.of(ranked, weights), aucOfPairs(repeated));
      assertSame(Metric.AVERAGE_PRECISION.of(ranked, weights), averagePrecision(repeated));
      assertSame(Metric.f1At(threshold).of(ranked, weights), f1(repeated, threshold));
      assertSame(Metric.iouAt(threshold).of(ranked, weights), iou(repeated, threshold));
      assertSame(Metric.BEST_F1.of(ranked, weights), bestF1(repeated));
      assertSame(Metric.ROC_AUC.of(ranked), aucOfPairs(pixels));
    }
  }

  @Test
  void theThresholdOfTheBestF1ReachesIt() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int run = 0; run < 50; run++) {
      // given
      List<Pixel> pixels = randomPixels(random, 40, 1);
      RankedScores ranked = rank(pixels);

      // when
      BestF1 best = BestF1.of(ranked);

      // then
      assertSame(best.f1(), f1(pixels, best.threshold()));
      assertSame(Confusion.of(ranked, best.threshold()).f1(), best.f1());
    }
  }

  @Test
  void countsEveryPixelOnce() {
    // given
    float[] scores = {0.2f, 0.5f, 0.5f, 0.9f, -1f};
    boolean[] truth = {true, true, false, true, false};

    // when
    Confusion confusion = Confusion.of(RankedScores.of(scores, truth, new int[5]), 0.5);

    // then
    assertThat(confusion).isEqualTo(new Confusion(2, 1, 1, 1));
    assertThat(confusion.precision()).isEqualTo(2.0 / 3, within(EXACT));
    assertThat(confusion.recall()).isEqualTo(2.0 / 3, within(EXACT));
    assertThat(confusion.f1()).isEqualTo(2.0 / 3, within(EXACT));
    assertThat(confusion.iou()).isEqualTo(0.5, within(EXACT));
  }

  @Test
  void calibrationErrorIsTheGapOfEachBin() {
    // given: in the first bin (below 1/15) four pixels of 0.05, one of them positive; in the last
    // one 0.95 and 1, both positive; between them one negative of 0.5
    float[] scores = {0.05f, 0.05f, 0.05f, 0.05f, 0.95f, 1f, 0.5f};
    boolean[] truth = {true, false, false, false, true, true, false};

    // when
    RankedScores ranked = RankedScores.of(scores, truth, new int[7]);
    RankedScores logits = RankedScores.of(new float[] {0.5f, 1.5f}, new boolean[2], new int[2]);

    // then: 4 |0.05 - 0.25| + 2 |0.975 - 1| + |0.5 - 0|, over 7
    assertThat(Metric.CALIBRATION_ERROR.of(ranked)).isEqualTo(1.35 / 7, within(1e-7));
    assertThat(Metric.CALIBRATION_ERROR.of(ranked, new int[] {3}))
        .as("weights count pixels anew")
        .isEqualTo(1.35 / 7, within(1e-7));
    assertThat(Metric.CALIBRATION_ERROR.of(logits)).isNaN();
  }

  @Test
  void isNotDefinedWithoutBothKinds() {
    // given
    RankedScores noPositives = RankedScores.of(new float[] {1, 2}, new boolean[2], new int[2]);
    RankedScores nothing = RankedScores.of(new float[0], new boolean[0], new int[0]);

    // when, then
    assertThat(Metric.ROC_AUC.of(noPositives)).isNaN();
    assertThat(Metric.AVERAGE_PRECISION.of(noPositives)).isNaN();
    assertThat(Metric.BEST_F1.of(noPositives)).isNaN();
    assertThat(Metric.ROC_AUC.of(nothing)).isNaN();
    assertThat(Metric.f1At(0).of(nothing)).isNaN();
  }

  @Test
  void refusesWhatHasNoPlaceInAnOrder() {
    assertThatThrownBy(() -> RankedScores.of(new float[] {Float.NaN}, new boolean[1], new int[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RankedScores.of(new float[2], new boolean[1], new int[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<Pixel> randomPixels(Random random, int count, int blocks) {
    float[] special = {
      Float.NEGATIVE_INFINITY, -0.0f, 0.0f, Float.POSITIVE_INFINITY, Float.MIN_VALUE
    };
    List<Pixel> pixels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float score =
          random.nextInt(4) == 0
              ? special[random.nextInt(special.length)]
              : (random.nextInt(13) - 6) / 2f;
      pixels.add(new Pixel(score, random.nextInt(3) == 0, random.nextInt(blocks)));
    }
    // Both kinds at least once, and every block.
    pixels.set(0, new Pixel(0, true, 0));
    pixels.set(1, new Pixel(1, false, blocks - 1));
    return pixels;
  }

  private static RankedScores rank(List<Pixel> pixels) {
    RankedScores.Collector collector = new RankedScores.Collector(1);
    pixels.forEach(p -> collector.add(p.score(), p.positive(), p.block()));
    return collector.rank();
  }

  private static List<Pixel> repeat(List<Pixel> pixels, int[] times) {
    List<Pixel> repeated = new ArrayList<>();
    for (Pixel pixel : pixels) {
      for (int i = 0; i < times[pixel.block()]; i++) {
        repeated.add(pixel);
      }
    }
    return repeated;
  }

  private static double aucOfPairs(List<Pixel> pixels) {
    double won = 0;
    int pairs = 0;
    for (Pixel positive : pixels) {
      for (Pixel negative : pixels) {
        if (positive.positive() && !negative.positive()) {
          pairs++;
          if (positive.score() > negative.score()) {
            won++;
          } else if (positive.score() == negative.score()) {
            won += 0.5;
          }
        }
      }
    }
    return won / pairs;
  }

  /** For each positive pixel, the precision among all that score at least as high. */
  private static double averagePrecision(List<Pixel> pixels) {
    double sum = 0;
    int positives = 0;
    for (Pixel one : pixels) {
      if (one.positive()) {
        positives++;
        double above = pixels.stream().filter(p -> p.score() >= one.score()).count();
        double trueAbove =
            pixels.stream().filter(p -> p.positive() && p.score() >= one.score()).count();
        sum += trueAbove / above;
      }
    }
    return sum / positives;
  }

  private static double f1(List<Pixel> pixels, double threshold) {
    double hits = count(pixels, threshold, true);
    double alarms = count(pixels, threshold, false);
    double positives = pixels.stream().filter(Pixel::positive).count();
    double precision = hits / (hits + alarms);
    double recall = hits / positives;
    if (positives + alarms == 0) {
      return Double.NaN;
    }
    return hits == 0 ? 0 : 2 * precision * recall / (precision + recall);
  }

  private static double iou(List<Pixel> pixels, double threshold) {
    double hits = count(pixels, threshold, true);
    double union = pixels.stream().filter(p -> p.positive() || p.score() >= threshold).count();
    return hits / union;
  }

  private static double bestF1(List<Pixel> pixels) {
    return pixels.stream().anyMatch(Pixel::positive)
        ? pixels.stream().mapToDouble(p -> f1(pixels, p.score())).max().orElseThrow()
        : Double.NaN;
  }

  private static double count(List<Pixel> pixels, double threshold, boolean positive) {
    return pixels.stream().filter(p -> p.positive() == positive && p.score() >= threshold).count();
  }

  private static void assertSame(double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).isNaN();
    } else {
      assertThat(actual).isEqualTo(expected, within(EXACT));
    }
  }
}
