package io.landshift.training.runs;

import io.landshift.training.evaluation.Metric;
import io.landshift.training.samples.Part;
import io.landshift.training.samples.Source;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a reader of a bundle has to know. Pure. */
final class ModelCard {
  private ModelCard() {}

  /** The card. */
  static String text(TrainingRun run, String measures, LearnedBundle learned) {
    RunConfig config = run.config();
    StringBuilder text = new StringBuilder();
    text.append("# ").append(config.name()).append("\n\n");
    text.append(config.description()).append("\n\n");
    text.append(
        "%,d learned values. %s%n%n"
            .formatted(
                learned.model().size(),
                config.shipped()
                    ? "Trained on sets whose licence lets weights be passed on."
                    : "**An experiment: trained on sets that may not be passed on. Do not ship.**"));
    Provenance provenance = Provenance.of(run.sets(), run.allSets());
    text.append(
        "## Data\n\n| set | training places | validation places | SHA-256 of its files |\n");
    text.append("|---|---|---|---|\n");
    provenance
        .sets()
        .forEach((set, digest) ->
            text.append(
                "| %s | %d | %d | %s |%n"
                    .formatted(
                        set,
                        Source.places(run.part(set, Part.TRAIN)),
                        Source.places(run.part(set, Part.VALIDATION)),
                        digest)));
    text.append("\nContains modified Copernicus Sentinel data 2015-2025.\n\n");
    text.append("## Measures\n\n").append(measures);
    text.append(
        "\n## Made by\n\nSources %s, seed %d, on %s.\n"
            .formatted(provenance.code(), config.seed(), provenance.machine()));
    text.append("\n## Configuration\n\n```yaml\n").append(config.text()).append("```\n");
    return text.toString();
  }

  /** Tables of all methods. */
  static String measures(ChangeEvaluation found, SegmentationEvaluation segmentation) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%,d pixels, %.1f %% changed, of %d places that no weight has seen."
            .formatted(
                found.of(ChangeEvaluation.BUNDLE).size(),
                100.0
                    * found.of(ChangeEvaluation.BUNDLE).positives()
                    / found.of(ChangeEvaluation.BUNDLE).size(),
                found.places()));
    text.append(" 95 % intervals draw places.\n\n");
    text.append("| method | AUC | average precision | best F1 |\n|---|---|---|---|\n");
    for (String method : found.methods()) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  method,
                  cell(found.measure(method, Metric.ROC_AUC)),
                  cell(found.measure(method, Metric.AVERAGE_PRECISION)),
                  cell(found.measure(method, Metric.BEST_F1))));
    }
    text.append("\nThe bundle less the other, on the same draws:\n\n");
    text.append("| less | AUC | average precision | best F1 |\n|---|---|---|---|\n");
    for (String method : found.methods()) {
      if (!method.equals(ChangeEvaluation.BUNDLE)) {
        text.append(
            "| %s | %s | %s | %s |%n"
                .formatted(
                    method,
                    cell(found.gain(method, Metric.ROC_AUC)),
                    cell(found.gain(method, Metric.AVERAGE_PRECISION)),
                    cell(found.gain(method, Metric.BEST_F1))));
      }
    }
    text.append("\n").append(classes(segmentation));
    return text.toString();
  }

  /**
   * Table of the bundle in several precisions.
   *
   * @param full in fp32
   * @param tried the others
   */
  static String precisions(Precisions.Tried full, List<Precisions.Tried> tried, double margin) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n## Precisions%n%nThe measures above are of fp32. Kept are bundles whose AUC is, with 95 %%"
                + " confidence, lower by no more than %.4f. Times are of the processor that"
                + " measured, and medians.%n%n",
            margin));
    text.append("| precision | bytes of the graphs | ms to encode a window | AUC less fp32 | |\n");
    text.append("|---|---|---|---|---|\n");
    for (Precisions.Tried each : Stream.concat(Stream.of(full), tried.stream()).toList()) {
      ChangeEvaluation.Measured gain = each.gain();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.2f | %s | %s |%n",
              each.precision().title(),
              each.bytes(),
              each.milliseconds(),
              gain == null ? "" : gain.signed(5),
              each.refused() == null ? "kept" : "not kept: " + each.refused()));
    }
    return text.toString();
  }

  private static String classes(SegmentationEvaluation found) {
    if (found.places() == 0) {
      return "The classes are not measured: no place of their set is held out.\n";
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "Classes on %d held-out places, beside calling every pixel %s, the usual class of training:%n%n"
            .formatted(found.places(), found.classes().get(found.usual())));
    text.append("| | accuracy | mean IoU |");
    found.classes().forEach(name -> text.append(" %s |".formatted(name)));
    text.append("\n|---|---|---|").append("---|".repeat(found.classes().size())).append("\n");
    text.append("| bundle | %.3f | %.3f |".formatted(found.accuracy(), found.meanOverlap()));
    for (int code = 0; code < found.classes().size(); code++) {
      text.append(" %.3f |".formatted(found.overlap(code)));
    }
    text.append(
        "%n| %s | %.3f | %.3f |"
            .formatted(
                found.classes().get(found.usual()),
                found.usualAccuracy(),
                found.usualMeanOverlap()));
    return text.append(" |".repeat(found.classes().size())).append("\n").toString();
  }

  private static String cell(ChangeEvaluation.Measured measured) {
    return String.format(
        Locale.ROOT,
        "%.3f (%.3f .. %.3f)",
        measured.value(),
        measured.interval().low(),
        measured.interval().high());
  }
}
