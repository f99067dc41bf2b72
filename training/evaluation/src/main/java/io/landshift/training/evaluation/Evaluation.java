package io.landshift.training.evaluation;

import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How well scores find what is true, on one raster or over many. Immutable.
 *
 * @param pixels number of pixels with score and truth
 * @param positives how many of them are positive in truth
 * @param withoutScore pixels left out because their score is not valid
 * @param withoutTruth pixels left out because their truth is nodata or ignored
 * @param blocks number of blocks that the intervals draw from
 * @param rocAuc see {@link Metric#ROC_AUC}
 * @param averagePrecision see {@link Metric#AVERAGE_PRECISION}
 * @param bestF1 see {@link BestF1}
 * @param calibrationError see {@link Metric#CALIBRATION_ERROR}; NaN where scores are no
 *     probabilities
 * @param bestThreshold where the best F1 is reached
 * @param atThreshold at the threshold that was asked for; null where none was
 * @param against how much better than the other score; null where none was given
 * @param blockUnit what a block is, for a person
 * @param bootstrap how the intervals were drawn
 */
public record Evaluation(
    long pixels,
    long positives,
    long withoutScore,
    long withoutTruth,
    int blocks,
    Estimate rocAuc,
    Estimate averagePrecision,
    Estimate bestF1,
    Estimate calibrationError,
    double bestThreshold,
    @Nullable AtThreshold atThreshold,
    @Nullable Against against,
    String blockUnit,
    Bootstrap bootstrap) {

  /**
   * A measure and its uncertainty.
   *
   * @param value NaN where the measure is not defined
   */
  public record Estimate(double value, Interval interval) {}

  /**
   * What one threshold gives.
   *
   * @param threshold pixels of at least this score are called positive
   */
  public record AtThreshold(double threshold, Confusion confusion, Estimate f1, Estimate iou) {}

  /**
   * Differences to another score on the same pixels; positive where this one is better. Intervals
   * are of paired draws: one that does not hold 0 tells the two apart.
   */
  public record Against(Estimate rocAuc, Estimate averagePrecision, Estimate bestF1) {}

  /**
   * How to evaluate.
   *
   * @param ignore numbers of the truth raster that mean "not known", beside its nodata
   * @param threshold where F1 and IoU are wanted beside the best; null for none
   * @param blockSide side of the blocks of a single raster in pixels, from 1
   */
  public record Options(
      Set<Double> ignore,
      @Nullable Double threshold,
      int blockSide,
      Bootstrap bootstrap,
      RasterRules rules) {
    /** Nothing ignored, no threshold, blocks of 64 pixels, 95 % intervals of 1000 replicates. */
    public static final Options DEFAULT =
        new Options(Set.of(), null, 64, new Bootstrap(1000, 0.95, 1), RasterRules.anywhere());

    public Options {
      ignore = Set.copyOf(ignore);
      if (blockSide < 1) {
        throw new IllegalArgumentException("blocks have 1 pixel a side or more: " + blockSide);
      }
    }

    /** The same with these numbers of the truth raster ignored. */
    public Options withIgnore(Set<Double> numbers) {
      return new Options(numbers, threshold, blockSide, bootstrap, rules);
    }

    /** The same with measures at this threshold. */
    public Options withThreshold(double value) {
      return new Options(ignore, value, blockSide, bootstrap, rules);
    }

    /** The same with intervals drawn in this way. */
    public Options withBootstrap(Bootstrap other) {
      return new Options(ignore, threshold, blockSide, other, rules);
    }
  }

  /**
   * Evaluates rasters; all pixels count alike. Intervals draw squares of a single raster, or whole
   * rasters where there are several. Needs 16 bytes of heap a pixel, 28 with another score.
   *
   * @param pairs one or more; all of them with another score to compare with, or none
   * @throws LandshiftException METADATA_INVALID where the two of a pair differ in size,
   *     NO_VALID_PIXELS where no pixel is left, or as {@link Rasters#readAll}
   */
  public static Evaluation of(List<RasterPair> pairs, Options options) {
    if (pairs.stream().map(pair -> pair.against() == null).distinct().count() != 1) {
      throw new IllegalArgumentException("nothing to evaluate, or only some to be compared");
    }
    Reading reading = new Reading(options, pairs.size() == 1);
    for (RasterPair pair : pairs) {
      reading.add(pair);
    }
    RankedScores scores = reading.collector.rank();
    RankedScores others = pairs.getFirst().against() == null ? null : reading.others.rank();
    if (scores.size() == 0) {
      throw new LandshiftException(
          FailureReason.NO_VALID_PIXELS,
          "no pixel has a score and a truth: check the rasters and what is ignored");
    }
    return of(
        scores,
        others,
        reading.withoutScore,
        reading.withoutTruth,
        pairs.size() == 1
            ? "squares of %1$d x %1$d pixels".formatted(options.blockSide())
            : "rasters",
        options);
  }

  /** Evaluates scores that are there already, such as those of {@link Comparators}. */
  public static Evaluation of(
      RankedScores scores,
      long withoutScore,
      long withoutTruth,
      String blockUnit,
      Options options) {
    return of(scores, null, withoutScore, withoutTruth, blockUnit, options);
  }

  private static Evaluation of(
      RankedScores scores,
      @Nullable RankedScores others,
      long withoutScore,
      long withoutTruth,
      String blockUnit,
      Options options) {
    Bootstrap bootstrap = options.bootstrap();
    Double threshold = options.threshold();
    return new Evaluation(
        scores.size(),
        scores.positives(),
        withoutScore,
        withoutTruth,
        scores.filledBlocks(),
        estimate(scores, Metric.ROC_AUC, bootstrap),
        estimate(scores, Metric.AVERAGE_PRECISION, bootstrap),
        estimate(scores, Metric.BEST_F1, bootstrap),
        estimate(scores, Metric.CALIBRATION_ERROR, bootstrap),
        BestF1.of(scores).threshold(),
        threshold == null
            ? null
            : new AtThreshold(
                threshold,
                Confusion.of(scores, threshold),
                estimate(scores, Metric.f1At(threshold), bootstrap),
                estimate(scores, Metric.iouAt(threshold), bootstrap)),
        others == null
            ? null
            : new Against(
                difference(scores, others, Metric.ROC_AUC, bootstrap),
                difference(scores, others, Metric.AVERAGE_PRECISION, bootstrap),
                difference(scores, others, Metric.BEST_F1, bootstrap)),
        blockUnit,
        bootstrap);
  }

  private static Estimate estimate(RankedScores scores, Metric metric, Bootstrap bootstrap) {
    double value = metric.of(scores);
    // What is not defined for the pixels themselves is not defined for draws of them.
    return new Estimate(
        value, Double.isNaN(value) ? Interval.UNKNOWN : bootstrap.interval(scores, metric));
  }

  private static Estimate difference(
      RankedScores scores, RankedScores others, Metric metric, Bootstrap bootstrap) {
    return new Estimate(
        metric.of(scores) - metric.of(others),
        bootstrap.intervalOfDifference(scores, others, metric));
  }

  /** As text for a person, several lines. */
  public String text() {
    return EvaluationText.text(this);
  }

  /** As JSON; what is not defined is null. */
  public String json() {
    return EvaluationText.json(this);
  }

  /** The pixels of all rasters, read one raster after the other. */
  private static final class Reading {
    final Options options;
    final boolean squares;
    final RankedScores.Collector collector = new RankedScores.Collector(1 << 16);
    final RankedScores.Collector others = new RankedScores.Collector(16);
    long withoutScore;
    long withoutTruth;
    int raster;

    Reading(Options options, boolean squares) {
      this.options = options;
      this.squares = squares;
    }

    void add(RasterPair pair) {
      String against = pair.against();
      RasterInfo size = sameSize(pair.score(), pair.truth());
      float[] score = Rasters.readAll(pair.score(), 1, options.rules());
      float[] truth = Rasters.readAll(pair.truth(), 1, options.rules());
      float[] other = score;
      if (against != null) {
        sameSize(against, pair.truth());
        other = Rasters.readAll(against, 1, options.rules());
      }
      int columns = (size.width() + options.blockSide() - 1) / options.blockSide();
      for (int row = 0, i = 0; row < size.height(); row++) {
        int firstSquare = row / options.blockSide() * columns;
        for (int column = 0; column < size.width(); column++, i++) {
          if (Float.isNaN(truth[i]) || options.ignore().contains((double) truth[i])) {
            withoutTruth++;
          } else if (Float.isNaN(score[i]) || Float.isNaN(other[i])) {
            withoutScore++;
          } else {
            int block = squares ? firstSquare + column / options.blockSide() : raster;
            collector.add(score[i], truth[i] != 0, block);
            if (against != null) {
              others.add(other[i], truth[i] != 0, block);
            }
          }
        }
      }
      raster++;
    }

    private RasterInfo sameSize(String scoreHref, String truthHref) {
      RasterInfo score = Rasters.inspect(scoreHref, options.rules());
      RasterInfo truth = Rasters.inspect(truthHref, options.rules());
      if (score.width() != truth.width() || score.height() != truth.height()) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "%s has %d x %d pixels, %s has %d x %d: bring the truth onto the grid of the score"
                .formatted(
                    scoreHref,
                    score.width(),
                    score.height(),
                    truthHref,
                    truth.width(),
                    truth.height()));
      }
      return score;
    }
  }
}
