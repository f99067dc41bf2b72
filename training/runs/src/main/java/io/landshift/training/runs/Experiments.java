package io.landshift.training.runs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.management.OperatingSystemMXBean;
import io.landshift.model.bundle.Bundle;
import io.landshift.training.evaluation.Metric;
import io.landshift.training.torch.TrainingException;
import io.landshift.training.torch.TrainingException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
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

  private static final int DIGITS = 3;

  /**
   * A variant with one seed.
   *
   * @param classes how well they are told
   * @param seconds of the processor that training and measuring took here
   */
  private record Result(
      long seed, ChangeEvaluation found, SegmentationEvaluation classes, double seconds) {}

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
            .add(
                result(
                    variant.getKey(),
                    base.with(experiment.alike()).with(variant.getValue()),
                    seed));
      }
    }
    String report = report(experiment, results);
    Files.writeString(folder.resolve(REPORT), report);
    plot(experiment, results);
    out.println(report);
  }

  private Result result(String variant, RunConfig unseeded, long seed) throws IOException {
    RunConfig config = unseeded.with(JsonNodeFactory.instance.objectNode().put("seed", seed));
    RunFolder own = RunFolder.open(folder.resolve(variant).resolve(Long.toString(seed)), config);
    RunFolder shared = new RunFolder(folder.resolve("pretraining-" + config.pretrainingKey()));
    out.printf("%s, seed %d%n", variant, seed);
    long started = processorTime();
    Stages stages = new Stages(new TrainingRun(config, data, own, shared, out), out);
    Bundle bundle = Bundle.load(stages.export(List.of()));
    ChangeEvaluation found = stages.evaluation(bundle);
    SegmentationEvaluation classes = stages.segmentation(bundle);
    return new Result(seed, found, classes, (processorTime() - started) / 1e9);
  }

  /** Of this process, in ns: a time on the wall would count what else the machine does. */
  private static long processorTime() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private String report(RunConfig.Experiment experiment, Map<String, List<Result>> results) {
    List<Result> first = results.values().iterator().next();
    StringBuilder text = new StringBuilder();
    text.append("# ").append(name).append("\n\n").append(experiment.question()).append("\n\n");
    text.append(
        ("%s, %d seeds. AUC and all others as mean (lowest .. highest of the seeds); differences of"
                + " AUC seed by seed, with 95 %% intervals over validation places. Classes: mean"
                + " IoU, and that of calling every pixel the usual class.%n%n")
            .formatted(base.bundle().measuredOn(), experiment.seeds().size()));
    text.append(
        "| variant | AUC | average precision | best F1 | AUC less the first | classes |"
            + " the usual class | CPU-s |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    results.forEach((variant, own) ->
        text.append(
            "| %s | %s | %s | %s | %s | %s | %s | %.0f |%n"
                .formatted(
                    variant,
                    over(own, Metric.ROC_AUC),
                    over(own, Metric.AVERAGE_PRECISION),
                    over(own, Metric.BEST_F1),
                    own.equals(first) ? "" : differences(own, first),
                    classes(own, SegmentationEvaluation::meanOverlap),
                    classes(own, SegmentationEvaluation::usualMeanOverlap),
                    own.stream().mapToDouble(Result::seconds).sum())));
    text.append("\n").append(others(results));
    text.append("\n![AUC of the variants](auc.png)\n");
    return text.toString();
  }

  /** What needs no training, on the places of each variant; AUC, and by how much it is exceeded. */
  private static String others(Map<String, List<Result>> results) {
    ChangeEvaluation any = results.values().iterator().next().getFirst().found();
    List<String> methods =
        any.methods().stream().filter(method -> !method.equals(ChangeEvaluation.BUNDLE)).toList();
    StringBuilder text = new StringBuilder();
    text.append(
        "What needs no training, on the same places, and AUC of the variant less its own:\n\n");
    text.append("| variant | places | pixels |");
    methods.forEach(method -> text.append(" %s | less it |".formatted(method)));
    text.append("\n|---|---|---|").append("---|---|".repeat(methods.size())).append("\n");
    results.forEach((variant, own) -> {
      ChangeEvaluation found = own.getFirst().found();
      text.append(
          "| %s | %d | %,d |"
              .formatted(variant, found.places(), found.of(ChangeEvaluation.BUNDLE).size()));
      for (String method : methods) {
        text.append(
            String.format(
                Locale.ROOT,
                " %.3f | %s |",
                Metric.ROC_AUC.of(found.of(method)),
                own.stream()
                    .map(each -> each.found().gain(method, Metric.ROC_AUC).signed(DIGITS))
                    .collect(Collectors.joining("; "))));
      }
      text.append("\n");
    });
    return text.toString();
  }

  /** Mean of the seeds; nothing where no place of the classes is held out. */
  private static String classes(
      List<Result> results, ToDoubleFunction<SegmentationEvaluation> measure) {
    return results.getFirst().classes().places() == 0
        ? ""
        : over(
            results.stream()
                .mapToDouble(result -> measure.applyAsDouble(result.classes()))
                .toArray());
  }

  private static String over(List<Result> results, Metric metric) {
    return over(values(results, metric));
  }

  private static String over(double[] values) {
    DoubleSummaryStatistics all = Arrays.stream(values).summaryStatistics();
    return String.format(
        Locale.ROOT, "%.3f (%.3f .. %.3f)", all.getAverage(), all.getMin(), all.getMax());
  }

  private static double[] values(List<Result> results, Metric metric) {
    return results.stream()
        .mapToDouble(result -> metric.of(result.found().of(ChangeEvaluation.BUNDLE)))
        .toArray();
  }

  /** Variants that are measured on other places are not subtracted. */
  private static String differences(List<Result> own, List<Result> first) {
    if (!own.getFirst().found().isPairedWith(first.getFirst().found())) {
      return "other places";
    }
    List<String> each = new ArrayList<>();
    for (int seed = 0; seed < own.size(); seed++) {
      ChangeEvaluation.Measured gain =
          own.get(seed).found().gain(first.get(seed).found(), Metric.ROC_AUC);
      each.add(gain.signed(DIGITS));
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
