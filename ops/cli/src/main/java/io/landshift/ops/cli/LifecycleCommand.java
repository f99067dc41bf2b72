package io.landshift.ops.cli;

import io.landshift.ops.local.LifecycleRasters;
import io.landshift.ops.local.LifecycleSeries;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Folds metrics into the disturbance lifecycle, outside of any pipeline. */
@Command(
    name = "lifecycle",
    description = {
      "Folds metrics into the disturbance lifecycle, with the parameters of OPERA DIST-ALERT.",
      "",
      "With --series: lines of JSON with `days` and `metric` (null = not seen) come out with the"
          + " fields of the state after each observation.",
      "With rasters named like metric_20240128T233646.tif (NaN = not seen): writes"
          + " status_<time>.tif for each into --out."
    })
final class LifecycleCommand implements Callable<Integer> {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(names = "--series", paramLabel = "IN.jsonl[.gz]", description = "Series to fold.")
  private @Nullable Path series;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "OUT",
      description = "File for series, folder for rasters.")
  private Path out;

  @Parameters(paramLabel = "METRIC.tif", description = "Rasters of one grid, in any order.")
  private @Nullable List<Path> rasters;

  @Override
  public Integer call() {
    if ((series == null) == (rasters == null || rasters.isEmpty())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "give either --series or metric rasters");
    }
    int count =
        series != null ? LifecycleSeries.fold(series, out) : LifecycleRasters.fold(rasters, out);
    spec.commandLine()
        .getOut()
        .println(count + (series != null ? " series" : " rasters") + " -> " + out);
    return ExitCode.OK;
  }
}
