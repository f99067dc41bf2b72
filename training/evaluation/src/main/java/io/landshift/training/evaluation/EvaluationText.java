package io.landshift.training.evaluation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.training.evaluation.Evaluation.Against;
import io.landshift.training.evaluation.Evaluation.AtThreshold;
import io.landshift.training.evaluation.Evaluation.Estimate;
import java.util.Formatter;
import java.util.Locale;

/** Writes an evaluation for people and for programs. Pure. */
final class EvaluationText {
  private EvaluationText() {}

  static String text(Evaluation evaluation) {
    Formatter text = new Formatter(Locale.ROOT);
    text.format(
        "pixels              %,d, of which %,d positive (%.2f %%)\n",
        evaluation.pixels(),
        evaluation.positives(),
        100.0 * evaluation.positives() / evaluation.pixels());
    text.format(
        "left out            %,d without score, %,d without truth\n",
        evaluation.withoutScore(), evaluation.withoutTruth());
    text.format("ROC AUC             %s\n", estimate(evaluation.rocAuc()));
    text.format("average precision   %s\n", estimate(evaluation.averagePrecision()));
    text.format(
        "best F1             %s at score >= %s\n",
        estimate(evaluation.bestF1()), number(evaluation.bestThreshold()));
    if (!Double.isNaN(evaluation.calibrationError().value())) {
      text.format("calibration error   %s\n", estimate(evaluation.calibrationError()));
    }
    AtThreshold at = evaluation.atThreshold();
    if (at != null) {
      text.format("at score >= %s\n", number(at.threshold()));
      text.format("  F1                %s\n", estimate(at.f1()));
      text.format("  IoU               %s\n", estimate(at.iou()));
      text.format(
          "  precision, recall %s, %s\n",
          number(at.confusion().precision()), number(at.confusion().recall()));
    }
    Against against = evaluation.against();
    if (against != null) {
      text.format("better than the other score by\n");
      text.format("  ROC AUC           %s\n", estimate(against.rocAuc()));
      text.format("  average precision %s\n", estimate(against.averagePrecision()));
      text.format("  best F1           %s\n", estimate(against.bestF1()));
    }
    text.format(
        "[intervals: %.0f %%, bootstrap over %,d %s, %,d replicates, seed %d]\n",
        100 * evaluation.bootstrap().confidence(),
        evaluation.blocks(),
        evaluation.blockUnit(),
        evaluation.bootstrap().replicates(),
        evaluation.bootstrap().seed());
    return text.toString();
  }

  static String json(Evaluation evaluation) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("pixels", evaluation.pixels());
    root.put("positives", evaluation.positives());
    root.put("withoutScore", evaluation.withoutScore());
    root.put("withoutTruth", evaluation.withoutTruth());
    put(root.putObject("rocAuc"), evaluation.rocAuc());
    put(root.putObject("averagePrecision"), evaluation.averagePrecision());
    ObjectNode best = root.putObject("bestF1");
    put(best, evaluation.bestF1());
    put(best, "threshold", evaluation.bestThreshold());
    put(root.putObject("calibrationError"), evaluation.calibrationError());
    Against against = evaluation.against();
    if (against != null) {
      ObjectNode node = root.putObject("against");
      put(node.putObject("rocAuc"), against.rocAuc());
      put(node.putObject("averagePrecision"), against.averagePrecision());
      put(node.putObject("bestF1"), against.bestF1());
    }
    AtThreshold at = evaluation.atThreshold();
    if (at != null) {
      ObjectNode node = root.putObject("atThreshold");
      put(node, "threshold", at.threshold());
      put(node.putObject("f1"), at.f1());
      put(node.putObject("iou"), at.iou());
      put(node, "precision", at.confusion().precision());
      put(node, "recall", at.confusion().recall());
      node.put("truePositives", at.confusion().truePositives());
      node.put("falsePositives", at.confusion().falsePositives());
      node.put("falseNegatives", at.confusion().falseNegatives());
      node.put("trueNegatives", at.confusion().trueNegatives());
    }
    ObjectNode bootstrap = root.putObject("bootstrap");
    bootstrap.put("confidence", evaluation.bootstrap().confidence());
    bootstrap.put("blocks", evaluation.blocks());
    bootstrap.put("blockUnit", evaluation.blockUnit());
    bootstrap.put("replicates", evaluation.bootstrap().replicates());
    bootstrap.put("seed", evaluation.bootstrap().seed());
    return root.toPrettyString();
  }

  private static void put(ObjectNode node, Estimate estimate) {
    put(node, "value", estimate.value());
    put(node, "low", estimate.interval().low());
    put(node, "high", estimate.interval().high());
  }

  /** JSON has no NaN and no infinity. */
  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static String estimate(Estimate estimate) {
    Interval interval = estimate.interval();
    return Double.isNaN(interval.low())
        ? number(estimate.value())
        : "%s [%s, %s]"
            .formatted(number(estimate.value()), number(interval.low()), number(interval.high()));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "not defined" : String.format(Locale.ROOT, "%.4f", value);
  }
}
