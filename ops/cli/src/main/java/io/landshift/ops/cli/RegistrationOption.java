package io.landshift.ops.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option that has looks moved onto earlier ones. */
final class RegistrationOption {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--register",
      paramLabel = "PIXELS",
      defaultValue = "0",
      description =
          "Find by phase correlation how far each look lies from earlier ones, and move it back by up"
              + " to so many pixels; one farther off is quarantined (MISREGISTERED). Default:"
              + " ${DEFAULT-VALUE}, looks are taken where they lie.")
  private double pixels;

  /** Pixels, 0 or more. */
  double limit() {
    if (!(pixels >= 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--register must be 0 or more pixels, not " + pixels);
    }
    return pixels;
  }
}
