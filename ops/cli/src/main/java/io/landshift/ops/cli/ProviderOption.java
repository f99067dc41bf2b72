package io.landshift.ops.cli;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.Provider;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say where graphs are computed. */
final class ProviderOption {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--provider",
      paramLabel = "cpu|cuda|auto",
      defaultValue = "cpu",
      description =
          "Where models run: on the processor, on an NVIDIA GPU, or on a GPU where one can be used."
              + " Default: ${DEFAULT-VALUE}. A GPU needs LANDSHIFT_ONNXRUNTIME, see the launcher.")
  private Provider provider;

  @Option(
      names = "--device",
      paramLabel = "N",
      defaultValue = "0",
      description = "Number of the GPU. Default: ${DEFAULT-VALUE}.")
  private int device;

  @Option(
      names = "--fallback",
      description = "With --provider cuda: use the processor where the GPU cannot be used.")
  private boolean fallback;

  /**
   * Where the whole of this run computes, found out by opening the bundle there and said on
   * standard error: sessions that decided for themselves could decide otherwise, and results of
   * providers differ in the last bits.
   *
   * @throws LandshiftException PROVIDER_UNAVAILABLE where the processor may not stand in
   */
  RuntimeOptions settle(Bundle bundle) {
    if (device < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--device must be 0 or more, not " + device);
    }
    if (provider == Provider.CPU) {
      return RuntimeOptions.cpu();
    }
    RuntimeOptions cuda = RuntimeOptions.cuda(device, false);
    try {
      ModelRuntime.open(bundle, cuda).close();
      say("models run on CUDA device " + device);
      return cuda;
    } catch (LandshiftException e) {
      if (e.reason() != FailureReason.PROVIDER_UNAVAILABLE) {
        throw e;
      }
      if (!fallback && provider != Provider.AUTO) {
        throw new LandshiftException(e.reason(), e.detail() + " (--fallback)", e);
      }
      say("models run on the processor: " + e.detail());
      return RuntimeOptions.cpu();
    }
  }

  /** The provider's name in results. */
  static String name(RuntimeOptions options) {
    return options.provider().name().toLowerCase(Locale.ROOT);
  }

  private void say(String line) {
    PrintWriter console = spec.commandLine().getErr();
    console.println(line);
    console.flush();
  }
}
