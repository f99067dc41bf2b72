package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.evaluation.Bootstrap;
import io.landshift.training.evaluation.Comparators;
import io.landshift.training.evaluation.Interval;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.evaluation.RankedScores;
import io.landshift.training.pretraining.Windows;
import io.landshift.training.samples.Labels;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How well a bundle tells change on places that it was not trained on, beside what needs no
 * training: dNBR, CVA, and spectral-baseline. All on the same pixels; intervals draw places.
 *
 * @param scores by method; of the bundle under {@link #BUNDLE}
 * @param places how many
 */
record ChangeEvaluation(Map<String, RankedScores> scores, int places) {
  static final String BUNDLE = "bundle";
  static final String BURN_RATIO = "dNBR";
  static final String CHANGE_VECTOR = "CVA";
  static final String BASELINE = "spectral-baseline";
  private static final Bootstrap BOOTSTRAP = new Bootstrap(400, 0.95, 1);

  /**
   * A measure of a method.
   *
   * @param value of all pixels
   * @param interval 95 %, over places
   */
  record Measured(double value, Interval interval) {
    /** As a difference, with its sign. */
    String signed(int digits) {
      String number = "%+." + digits + "f";
      return String.format(
          Locale.ROOT,
          number + " (" + number + " .. " + number + ")",
          value,
          interval.low(),
          interval.high());
    }
  }

  /**
   * Scores pairs.
   *
   * @param sources of the set, held out from training
   */
  static <S extends Sample> ChangeEvaluation of(
      Bundle bundle, SampleSet<S> set, List<Source> sources) {
    List<String> places = sources.stream().map(Source::globalPlace).distinct().toList();
    Map<String, RankedScores.Collector> collectors = new LinkedHashMap<>();
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu());
        ModelSession baseline =
            ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu())) {
      for (Source source : sources) {
        Sample.Changed pair = (Sample.Changed) set.read(source);
        Map<String, float[]> scores = new LinkedHashMap<>();
        scores.put(BUNDLE, ServedScores.of(session, pair));
        addComparators(pair, scores);
        scores.put(BASELINE, ServedScores.of(baseline, pair));
        collect(pair.labels(), scores, places.indexOf(source.globalPlace()), collectors);
      }
    }
    Map<String, RankedScores> ranked = new LinkedHashMap<>();
    collectors.forEach((method, collector) -> ranked.put(method, collector.rank()));
    return new ChangeEvaluation(ranked, places.size());
  }

  private static void addComparators(Sample.Changed pair, Map<String, float[]> scores) {
    Look before = pair.before();
    Look after = pair.after();
    scores.put(
        BURN_RATIO,
        Comparators.differencedBurnRatio(
            before.plane("nir"),
            before.plane("swir22"),
            after.plane("nir"),
            after.plane("swir22")));
    scores.put(
        CHANGE_VECTOR,
        Comparators.changeVectorLength(Windows.planes(before), Windows.planes(after)));
  }

  private static void collect(
      Labels labels,
      Map<String, float[]> scores,
      int place,
      Map<String, RankedScores.Collector> collectors) {
    for (int pixel = 0; pixel < labels.codes().length; pixel++) {
      byte code = labels.codes()[pixel];
      boolean valid = code != Labels.UNKNOWN;
      for (float[] each : scores.values()) {
        valid &= !Float.isNaN(each[pixel]);
      }
      if (valid) {
        for (Map.Entry<String, float[]> each : scores.entrySet()) {
          collectors
              .computeIfAbsent(each.getKey(), key -> new RankedScores.Collector(1 << 16))
              .add(each.getValue()[pixel], code == 1, place);
        }
      }
    }
  }

  RankedScores of(String method) {
    RankedScores of = scores.get(method);
    if (of == null) {
      throw new IllegalArgumentException("no scores of " + method);
    }
    return of;
  }

  /** A measure of a method. */
  Measured measure(String method, Metric metric) {
    RankedScores of = of(method);
    return new Measured(metric.of(of), BOOTSTRAP.interval(of, metric));
  }

  /** How much better the bundle is than another method; positive where it is. */
  Measured gain(String method, Metric metric) {
    return new Measured(
        metric.of(of(BUNDLE)) - metric.of(of(method)),
        BOOTSTRAP.intervalOfDifference(of(BUNDLE), of(method), metric));
  }

  /** How much better this bundle is than another one on the same places. */
  Measured gain(ChangeEvaluation other, Metric metric) {
    return new Measured(
        metric.of(of(BUNDLE)) - metric.of(other.of(BUNDLE)),
        BOOTSTRAP.intervalOfDifference(of(BUNDLE), other.of(BUNDLE), metric));
  }

  /** Whether another one is of the same pixels. */
  boolean isPairedWith(ChangeEvaluation other) {
    return of(BUNDLE).isPairedWith(other.of(BUNDLE));
  }

  List<String> methods() {
    return new ArrayList<>(scores.keySet());
  }
}
