package io.landshift.training.runs;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.inference.LandCover;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.samples.Labels;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.SampleSet;
import io.landshift.training.samples.Source;
import java.util.List;

/**
 * How well a bundle tells classes on places that it was not trained on, beside the mean of the
 * training places, which calls every pixel what most pixels there are.
 *
 * @param classes names
 * @param confusion {@code [true class][told class]}, pixels
 * @param usual the most frequent class of the training places
 * @param places how many were measured; 0 where none is held out
 */
record SegmentationEvaluation(List<String> classes, long[][] confusion, int usual, int places) {
  /**
   * Measures.
   *
   * @param training sources whose labels were learned from
   * @param sources held out from training
   */
  static <S extends Sample> SegmentationEvaluation of(
      Bundle bundle, SampleSet<S> set, List<Source> training, List<Source> sources) {
    BundleManifest manifest = bundle.manifest();
    List<String> classes =
        manifest.classes().stream().map(BundleManifest.LandCoverClass::name).toList();
    long[] counts = new long[classes.size()];
    for (Source source : training) {
      long[] own = ((Sample.Segmented) set.read(source)).labels().counts();
      for (int code = 0; code < counts.length; code++) {
        counts[code] += own[code];
      }
    }
    int usual = 0;
    for (int code = 1; code < counts.length; code++) {
      usual = counts[code] > counts[usual] ? code : usual;
    }
    long[][] confusion = new long[classes.size()][classes.size()];
    try (ModelSession session = ModelRuntime.open(bundle, RuntimeOptions.cpu())) {
      for (Source source : sources) {
        add(session, (Sample.Segmented) set.read(source), confusion);
      }
    }
    int places = (int) sources.stream().map(Source::globalPlace).distinct().count();
    return new SegmentationEvaluation(classes, confusion, usual, places);
  }

  private static void add(ModelSession session, Sample.Segmented sample, long[][] confusion) {
    ServedLook look = ServedLook.of(session, sample.look());
    LandCover told =
        session.segment(look.features(), look.presence(), look.width(), look.height(), false);
    byte[] codes = sample.labels().codes();
    for (int pixel = 0; pixel < codes.length; pixel++) {
      int at = pixel / sample.width() * look.width() + pixel % sample.width();
      int found = told.classes()[at] - 1;
      if (codes[pixel] != Labels.UNKNOWN && found >= 0) {
        confusion[codes[pixel]][found]++;
      }
    }
  }

  /** Share of the pixels that are told right, 0..1. */
  double accuracy() {
    long right = 0;
    for (int code = 0; code < confusion.length; code++) {
      right += confusion[code][code];
    }
    return (double) right / pixels();
  }

  /** The same of who calls every pixel the usual class. */
  double usualAccuracy() {
    return (double) sum(confusion[usual]) / pixels();
  }

  /** Intersection over union of a class, 0..1. */
  double overlap(int code) {
    long told = 0;
    for (long[] row : confusion) {
      told += row[code];
    }
    long both = confusion[code][code];
    return (double) both / (sum(confusion[code]) + told - both);
  }

  /** Mean of the classes' {@link #overlap}. */
  double meanOverlap() {
    double sum = 0;
    for (int code = 0; code < classes.size(); code++) {
      sum += overlap(code);
    }
    return sum / classes.size();
  }

  /** The same of who calls every pixel the usual class: that class alone overlaps. */
  double usualMeanOverlap() {
    return usualAccuracy() / classes.size();
  }

  private long pixels() {
    long pixels = 0;
    for (long[] row : confusion) {
      pixels += sum(row);
    }
    return pixels;
  }

  private static long sum(long[] row) {
    long sum = 0;
    for (long each : row) {
      sum += each;
    }
    return sum;
  }
}
