package io.landshift.training.runs;

import io.landshift.schemas.LandshiftException;
import io.landshift.training.samples.UnfitForTrainingException;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TrainingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code landshift train}: pretrains, fine-tunes, measures and exports networks. */
@Command(
    name = "landshift train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a network and makes a bundle of it.",
      "",
      "A run lies in a folder. Its stages are done once: a run that was broken off, whenever that"
          + " was, goes on when the same command is given again.",
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a fault of Landshift or of the machine",
      "2:the command line or the configuration is wrong",
      "3:a set is missing, broken or may not be learned from",
      "4:the training came to nothing",
    })
public final class TrainCommand implements Callable<Integer> {
  /** What to do. */
  enum Stage {
    PRETRAIN,
    FINETUNE,
    PROBE,
    EXPORT,
    EVALUATE,
    SIAMESE,
    ALL,
    EXPERIMENT,
    SPEED
  }

  @Parameters(
      index = "0",
      paramLabel = "STAGE",
      description =
          "pretrain, finetune, export, evaluate, or all of them one after the other; probe: export"
              + " with the pretrained encoder as it is, and classes by a linear layer; or experiment."
              + " evaluate writes evaluation.md: held-out places, pairs of seasons, and costs."
              + " siamese: change between two dates as MTP measures encoders. speed: what a step of"
              + " training costs on this machine, without a configuration or data")
  private Stage stage;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "the experiment, of those in the configuration")
  private @Nullable String experiment;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "the run's configuration (YAML), which all but speed need; see training/configs")
  private @Nullable Path config;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FOLDER",
      description = "where the run lies")
  private Path folder;

  @Option(
      names = "--data",
      defaultValue = "${env:LANDSHIFT_DATA:-../shared/data}",
      paramLabel = "FOLDER",
      description = "folder of the data sets (default: ${DEFAULT-VALUE})")
  private Path data;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new TrainCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    int code = line.execute(arguments);
    System.out.flush();
    System.exit(code);
  }

  private static int failed(Exception failure, CommandLine command) {
    command.getErr().println("landshift: " + failure.getMessage());
    return switch (failure) {
      case TrainingException training ->
          switch (training.reason()) {
            case CONFIGURATION, OTHER_RUN -> 2;
            case NO_SAMPLES -> 3;
            case DIVERGED -> 4;
            case NOT_KEPT -> 1;
          };
      case LandshiftException typed -> 3;
      case UnfitForTrainingException unfit -> 3;
      default -> {
        failure.printStackTrace(command.getErr());
        yield 1;
      }
    };
  }

  @Override
  public Integer call() throws IOException {
    Torch.beDeterministic();
    PrintWriter out = spec.commandLine().getOut();
    if (stage == Stage.SPEED) {
      String report = TrainingSpeed.report();
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("speed.md"), report);
      out.println(report);
      return 0;
    }
    if (config == null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--config names the run");
    }
    RunConfig run = RunConfig.read(config);
    if (stage == Stage.EXPERIMENT) {
      new Experiments(run, String.valueOf(experiment), data, folder, out).run();
      return 0;
    }
    RunFolder place = RunFolder.open(folder, run);
    if (stage == Stage.PROBE) {
      RunConfig frozen = run.probe();
      RunFolder probe = RunFolder.open(folder.resolve("probe"), frozen);
      new Stages(new TrainingRun(frozen, data, probe, place, out), out).export();
      return 0;
    }
    if (stage == Stage.SIAMESE) {
      out.println(siamese(run, place, out));
      return 0;
    }
    Stages stages = new Stages(new TrainingRun(run, data, place, place, out), out);
    switch (stage) {
      case PRETRAIN -> stages.run().pretrain();
      case FINETUNE -> stages.run().finetune();
      case EXPORT, ALL -> stages.export();
      case EVALUATE -> stages.evaluate();
      case PROBE, SIAMESE, EXPERIMENT, SPEED -> throw new IllegalStateException("done above");
    }
    return 0;
  }

  private String siamese(RunConfig run, RunFolder place, PrintWriter out) throws IOException {
    RunConfig.Siamese wanted = run.siamese();
    if (wanted == null) {
      throw new TrainingException(
          TrainingException.Reason.CONFIGURATION, "the configuration has no part 'siamese'");
    }
    RunFolder own = new RunFolder(folder.resolve("siamese-" + run.siameseKey()));
    return new SiameseRun(new TrainingRun(run, data, place, place, out), wanted, own).report();
  }
}
