package io.landshift.ops.cli;

import io.landshift.training.evaluation.Evaluation;
import io.landshift.training.evaluation.RasterPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures scores against truth. */
@Command(
    name = "evaluate",
    description = {
      "Measures a score raster against a truth raster of the same size: area under the ROC curve,"
          + " average precision, best F1, F1 and IoU at a threshold, with bootstrap intervals; of"
          + " probabilities also the calibration error.",
      "The options may be repeated, in pairs: all pixels are pooled, and intervals draw rasters."
    })
final class EvaluateCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--score",
      required = true,
      paramLabel = "SCORE.tif",
      description = "Higher = more change; NaN is left out.")
  private List<Path> scores;

  @Option(
      names = "--truth",
      required = true,
      paramLabel = "MASK.tif",
      description = "Not 0 = changed.")
  private List<Path> truths;

  @Option(
      names = "--against",
      paramLabel = "OTHER.tif",
      description = "Another score, to compare with on the pixels that both have.")
  private List<Path> others = List.of();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "NUMBER",
      description = "Numbers of the mask that mean not known.")
  private List<Double> ignore = List.of();

  @Option(
      names = "--threshold",
      paramLabel = "SCORE",
      defaultValue = "4.5",
      description = "Where F1 is wanted. Default: ${DEFAULT-VALUE}.")
  private double threshold;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (scores.size() != truths.size() || (!others.isEmpty() && others.size() != scores.size())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give as many --truth as --score, and as many --against or none");
    }
    List<RasterPair> pairs = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      pairs.add(
          new RasterPair(
              scores.get(i).toAbsolutePath().toString(),
              truths.get(i).toAbsolutePath().toString(),
              others.isEmpty() ? null : others.get(i).toAbsolutePath().toString()));
    }
    Set<Double> ignored = new HashSet<>(ignore);
    Evaluation evaluation =
        Evaluation.of(
            pairs, Evaluation.Options.DEFAULT.withIgnore(ignored).withThreshold(threshold));
    spec.commandLine().getOut().println(json ? evaluation.json() : evaluation.text());
    return ExitCode.OK;
  }
}
