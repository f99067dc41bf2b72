package io.landshift.training.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.landshift.model.bundle.Bundle;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/**
 * Variants of a run, trained and measured alike: what is different between them is in the
 * configuration and nowhere else. The report has a table and a plot.
 *
 * @param folder of the experiment; each variant and seed has its run in it
 */
record Experiments(RunConfig base, String name, Path data, Path folder, PrintWriter out) {
  private static final String REPORT = "report.md";

  /**
   * A variant with one seed.
   *
   * @param seconds that training and measuring took here
   */
  private record Result(long seed, ChangeEvaluation found, double seconds) {}

  /** Trains what is not trained yet, and writes the report. */
  void run() throws IOException {
    RunConfig.Experiment experiment = base.experiments().get(name);
    if (experiment == null) {
      throw new TrainingException(
          Reason.CONFIGURATION,
          "no experiment '%s' in the configuration: there are %s"
              .formatted(name, base.experiments().keySet()));
    }
    Map<String, List<Result>> results = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> variant : experiment.variants().entrySet()) {
      for (long seed : experiment.seeds()) {
        results
            .computeIfAbsent(variant.getKey(), key -> new ArrayList<>())
            .add(result(variant.getKey(), variant.getValue(), seed));
      }
    }
    String report = report(experiment, results);
    Files.writeString(folder.resolve(REPORT), report);
    plot(experiment, results);
    out.println(report);
  }

  private Result result(String variant, JsonNode patch, long seed) throws IOException {
    RunConfig config =
        base.with(patch).with(JsonNodeFactory.instance.objectNode().put("seed", seed));
    RunFolder own = RunFolder.open(folder.resolve(variant).resolve(Long.toString(seed)), config);
    RunFolder shared = new RunFolder(folder.resolve("pretraining-" + config.pretrainingKey()));
    out.printf("%s, seed %d%n", variant, seed);
    long started = System.nanoTime();
    Stages stages = new Stages(new TrainingRun(config, data, own, shared, out), out);
    ChangeEvaluation found = stages.evaluation(Bundle.load(stages.export(List.of())));
    return new Result(seed, found, (System.nanoTime() - started) / 1e9);
  }

  private String report(RunConfig.Experiment experiment, Map<String, List<Result>> results) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(name).append("\n\n").append(experiment.question()).append("\n\n");
    ChangeEvaluation any = results.values().iterator().next().getFirst().found();
    text.append(
        "%s: %,d pixels of %d validation places; %d seeds. AUC as mean (lowest .. highest of the"
            .formatted(
                base.bundle().change(),
                any.of(ChangeEvaluation.BUNDLE).size(),
                any.places(),
                experiment.seeds().size()));
    text.append(
        " seeds); its difference to the first variant seed by seed, with 95 % intervals over"
            + " places.\n\n");
    text.append("| variant | AUC | average precision | best F1 | AUC less the first | s |\n");
    text.append("|---|---|---|---|---|---|\n");
    List<Result> first = results.values().iterator().next();
    results.forEach((variant, own) ->
        text.append(
            "| %s | %s | %s | %s | %s | %.0f |%n"
                .formatted(
                    variant,
                    over(own, Metric.ROC_AUC),
                    over(own, Metric.AVERAGE_PRECISION),
                    over(own, Metric.BEST_F1),
                    own.equals(first) ? "" : differences(own, first),
                    own.stream().mapToDouble(Result::seconds).sum())));
    for (String method : any.methods()) {
      if (!method.equals(ChangeEvaluation.BUNDLE)) {
        text.append(
            "| %s | %.3f | %.3f | %.3f | | |%n"
                .formatted(
                    method,
                    Metric.ROC_AUC.of(any.of(method)),
                    Metric.AVERAGE_PRECISION.of(any.of(method)),
                    Metric.BEST_F1.of(any.of(method))));
      }
    }
    text.append("\n![AUC of the variants](auc.png)\n");
    return text.toString();
  }

  private static String over(List<Result> results, Metric metric) {
    double[] values = values(results, metric);
    DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
    return String.format(
        Locale.ROOT, "%.3f (%.3f .. %.3f)", all.getAverage(), all.getMin(), all.getMax());
  }

  private static double[] values(List<Result> results, Metric metric) {
    return results.stream()
        .mapToDouble(result -> metric.of(result.found().of(ChangeEvaluation.BUNDLE)))
        .toArray();
  }

  private static String differences(List<Result> own, List<Result> first) {
    List<String> each = new ArrayList<>();
    for (int seed = 0; seed < own.size(); seed++) {
      ChangeEvaluation.Measured gain =
          own.get(seed).found().gain(first.get(seed).found(), Metric.ROC_AUC);
      each.add(
          String.format(
              Locale.ROOT,
              "%+.3f (%+.3f .. %+.3f)",
              gain.value(),
              gain.interval().low(),
              gain.interval().high()));
    }
    return String.join("; ", each);
  }

  private void plot(RunConfig.Experiment experiment, Map<String, List<Result>> results)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(500)
            .title(experiment.question())
            .yAxisTitle("AUC, validation places")
            .build();
    List<String> variants = new ArrayList<>(results.keySet());
    List<Double> means = new ArrayList<>();
    List<Double> halves = new ArrayList<>();
    for (List<Result> own : results.values()) {
      DoubleSummaryStatistics all = Arrays.stream(values(own, Metric.ROC_AUC)).summaryStatistics();
      means.add(all.getAverage());
      halves.add((all.getMax() - all.getMin()) / 2);
    }
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setYAxisMin(0.5);
    chart.getStyler().setYAxisMax(1.0);
    chart.addSeries("AUC", variants, means, halves);
    BitmapEncoder.saveBitmap(
        chart, folder.resolve("auc.png").toString(), BitmapEncoder.BitmapFormat.PNG);
  }
}
