package io.landshift.ops.cli;

import io.landshift.ops.local.Version;
import io.landshift.schemas.LandshiftException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. */
@Command(
    name = "landshift",
    mixinStandardHelpOptions = true,
    version = "landshift " + Version.TEXT,
    scope = CommandLine.ScopeType.INHERIT,
    description = {
      "Watches satellite scenes arrive and turns lasting change into alerts.",
      "",
      "Start with @|bold landshift demo|@: six years of Sentinel-2 over a logged forest pass in a"
          + " minute, and its clear-cuts become confirmed alerts.",
      "To try your own data: @|bold landshift detect BEFORE AFTER --out DIR|@.",
      ""
    },
    subcommands = {
      DemoCommand.class,
      DetectCommand.class,
      UpCommand.class,
      IngestCommand.class,
      AlertsCommand.class,
      SubscribeCommand.class,
      DeadLettersCommand.class,
      ModelsCommand.class,
      EvaluateCommand.class,
      LifecycleCommand.class,
      BenchCommand.class,
      DoctorCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a fault of Landshift or of the machine",
      "2:the command line is wrong",
      "3:an input is missing, broken or refused",
      "4:a model is broken or refused",
      "5:a disk is full, or a folder, port, broker, catalogue or store cannot be used"
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Main implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    System.out.flush();
    // Libraries leave threads behind that are no daemons.
    System.exit(code);
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof LandshiftException typed) {
        command.getErr().println("landshift: " + typed.getMessage());
        return ExitCode.of(typed.reason());
      }
      command.getErr().println("landshift: " + failure);
      failure.printStackTrace(command.getErr());
      return ExitCode.FAILED;
    });
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
