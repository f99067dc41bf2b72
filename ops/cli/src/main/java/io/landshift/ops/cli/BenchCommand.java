package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.ops.bench.BenchSeries;
import io.landshift.ops.bench.ModelBench;
import io.landshift.ops.bench.SceneBench;
import io.landshift.ops.bench.ScenePage;
import io.landshift.ops.bench.YearPage;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures the system on this machine. */
@Command(
    name = "bench",
    description = "Measures the system on this machine.",
    subcommands = {
      BenchCommand.Scene.class,
      BenchCommand.Year.class,
      BenchCommand.Model.class,
      BenchCommand.Compare.class
    })
final class BenchCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Whole scenes. */
  @Command(
      name = "scene",
      description = {
        "Sends whole tiles through the system and says what each stage costs, next to the floor:"
            + " the same reading, the same graphs and the same maps alone.",
        "Products are made once, of real texture with planted changes, and kept."
      })
  static final class Scene implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Option(
        names = "--source",
        paramLabel = "DIR",
        description =
            "Bands B02.tif ... B12.tif of a real scene; default: the crop that comes with.")
    private @Nullable Path source;

    @Option(
        names = "--kept",
        paramLabel = "DIR",
        defaultValue = "landshift-bench/products",
        description = "Where made products are kept. Default: ${DEFAULT-VALUE}.")
    private Path kept;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        defaultValue = "landshift-bench",
        description = "Folder for scene.json and scene.md. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
        names = "--size",
        paramLabel = "PIXELS",
        defaultValue = "10980",
        description = "Side of the tile, a multiple of 6. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
        names = "--formats",
        split = ",",
        defaultValue = "COG,SAFE",
        description =
            "SAFE products over JPEG 2000, STAC items over COGs. Default: ${DEFAULT-VALUE}.")
    private List<BenchSeries.Format> formats;

    @Option(
        names = "--slots",
        split = ",",
        defaultValue = "1,2",
        description = "Each slot has a core to itself. Default: ${DEFAULT-VALUE}.")
    private List<Integer> slots;

    @Override
    public Integer call() {
      PrintWriter console = spec.commandLine().getErr();
      Path texture = source == null ? Folders.home().resolve("ops/bench/texture") : source;
      Path folder = out.toAbsolutePath();
      ObjectNode result =
          SceneBench.run(
              new SceneBench.Request(
                  texture.toAbsolutePath(),
                  kept.toAbsolutePath(),
                  folder.resolve("work"),
                  size,
                  BenchSeries.Dates.FOUR,
                  formats,
                  slots),
              step -> {
                console.println("bench: " + step);
                console.flush();
              });
      String page = ScenePage.of(result);
      SceneBench.write(result, page, folder.resolve("scene.json"), folder.resolve("scene.md"));
      Folders.clear(folder.resolve("work"));
      spec.commandLine().getOut().println(page);
      return ExitCode.OK;
    }
  }

  /** A year of one tile. */
  @Command(
      name = "year",
      description = {
        "Sends four years of a small tile through the system (a look every twenty days, then a"
            + " scene every five) and works out from it, and from some scenes of a whole tile that"
            + " were measured, what a year of a whole tile needs.",
      })
  static final class Year implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        defaultValue = "landshift-bench",
        description = "Folder for year.json and year.md. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Option(
        names = "--size",
        paramLabel = "PIXELS",
        defaultValue = "510",
        description = "Side of the tile that is run. Default: ${DEFAULT-VALUE}.")
    private int size;

    @Option(
        names = "--whole",
        paramLabel = "SCENE.json",
        description =
            "What bench scene measured of a whole tile; default: the figures that come with.")
    private @Nullable Path whole;

    @Override
    public Integer call() {
      Path folder = out.toAbsolutePath();
      JsonNode scenes =
          SceneBench.read(
              whole == null ? Folders.home().resolve("ops/bench/results/scene-10980.json") : whole);
      ObjectNode result =
          SceneBench.run(
              new SceneBench.Request(
                  Folders.home().resolve("ops/bench/texture").toAbsolutePath(),
                  folder.resolve("products"),
                  folder.resolve("work"),
                  size,
                  BenchSeries.Dates.year(),
                  List.of(BenchSeries.Format.COG),
                  List.of(2)),
              step -> spec.commandLine().getErr().println("bench: " + step));
      String page = YearPage.of(result, scenes);
      SceneBench.write(result, page, folder.resolve("year.json"), folder.resolve("year.md"));
      Folders.clear(folder.resolve("work"));
      spec.commandLine().getOut().println(page);
      return ExitCode.OK;
    }
  }

  /** A bundle's graphs. */
  @Command(
      name = "model",
      description = {
        "Runs the graphs of a bundle alone: windows a second, what lies between this provider's"
            + " results and the processor's, memory over many runs.",
        "Without --model: the spectral baseline, and a convolutional encoder with noise for weights"
            + " that costs as much as a learned one (ConvNeXt V2 atto)."
      })
  static final class Model implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;
    @Mixin private ProviderOption provider;

    @Option(
        names = "--model",
        paramLabel = "BUNDLE",
        description = "Folder or zip of the model bundle; default: see above.")
    private @Nullable Path model;

    @Mixin private ModelKeyOption modelKey;

    @Option(
        names = "--batch",
        split = ",",
        paramLabel = "N,N,...",
        defaultValue = "1,16,64",
        description = "Windows in one run. Default: ${DEFAULT-VALUE}.")
    private List<Integer> batches;

    @Option(
        names = "--windows",
        paramLabel = "N",
        defaultValue = "64",
        description =
            "Windows that are compared with the processor's, noise and real ones each."
                + " Default: ${DEFAULT-VALUE}.")
    private int windows;

    @Option(
        names = "--seconds",
        paramLabel = "S",
        defaultValue = "2",
        description = "How long each speed is measured. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
        names = "--runs",
        paramLabel = "N",
        defaultValue = "1000",
        description = "Runs after which memory is looked at again. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
        names = "--noise",
        description = "Compare noise alone: no raster is read, so GDAL is not needed.")
    private boolean noise;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        defaultValue = "landshift-bench",
        description = "Folder for model.json and model.md. Default: ${DEFAULT-VALUE}.")
    private Path out;

    @Override
    public Integer call() {
      Bundle named =
          model == null
              ? Bundles.spectralBaseline()
              : Bundle.load(model, null, BundleLimits.DEFAULT, modelKey.key());
      RuntimeOptions runtime = provider.settle(named);
      Path folder = out.toAbsolutePath();
      ObjectNode result =
          ModelBench.run(
              new ModelBench.Request(
                  model == null ? List.of(named, ModelBench.convolutional()) : List.of(named),
                  runtime,
                  batches,
                  windows,
                  seconds,
                  runs,
                  noise ? null : Folders.home().resolve("ops/bench/texture").toAbsolutePath()),
              step -> {
                spec.commandLine().getErr().println("bench: " + step);
                spec.commandLine().getErr().flush();
              });
      String page = ModelBench.page(result);
      SceneBench.write(result, page, folder.resolve("model.json"), folder.resolve("model.md"));
      spec.commandLine().getOut().println(page);
      return ExitCode.OK;
    }
  }

  /** Two measurements. */
  @Command(
      name = "compare",
      description = "Says what two measurements of the same scenes differ by, in processor time.")
  static final class Compare implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BEFORE.json", description = "A scene.json.")
    private Path before;

    @Parameters(index = "1", paramLabel = "AFTER.json", description = "Another.")
    private Path after;

    @Override
    public Integer call() {
      List<String> lines = SceneBench.compared(SceneBench.read(before), SceneBench.read(after));
      if (lines.isEmpty()) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            before
                + " and "
                + after
                + " have no run in common: measure the same formats and slots");
      }
      lines.forEach(spec.commandLine().getOut()::println);
      return ExitCode.OK;
    }
  }
}
