package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.detection.DetectionSettings;
import io.landshift.detection.MaskModel;
import io.landshift.ingest.catalog.BoxedSource;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.StacApiSource;
import io.landshift.ingest.catalog.StacSearch;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.ops.local.DemoRun;
import io.landshift.ops.local.DemoTruth;
import io.landshift.ops.local.EmbeddedKafka;
import io.landshift.ops.local.GeoJsonFiles;
import io.landshift.ops.local.LocalStack;
import io.landshift.ops.local.Logging;
import io.landshift.schemas.Alert;
import io.landshift.schemas.SceneOutcome;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what Landshift does, on real data that comes with it. */
@Command(
    name = "demo",
    description = {
      "Replays 140 Sentinel-2 scenes of one square kilometre of logged forest, 2015-2021, through"
          + " the whole system in this process: Kafka, Flink, ONNX Runtime, Kafka Streams.",
      "Prints alerts as they come, and leaves in --out: alerts.geojson, maps/ (COGs and STAC"
          + " items), summary.json and report.png.",
      "With --from, --bbox and --datetime it looks at a place of your own instead, from a public STAC"
          + " API: what it finds there is told, but nobody knows whether it is right.",
      "",
      "Contains modified Copernicus Sentinel data 2015-2021."
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private ModelOption model;
  @Mixin private MaskModelOption maskModel;
  @Mixin private RegistrationOption registration;
  @Mixin private ProviderOption provider;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--out",
      defaultValue = "landshift-demo",
      paramLabel = "DIR",
      description =
          "Folder for the results; what an earlier demo left is replaced. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Mixin private NetworkOptions network;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "A STAC API: its URL, or earth-search or planetary-computer.")
  private @Nullable String from;

  @Option(
      names = "--collection",
      paramLabel = "ID",
      defaultValue = "sentinel-2-l2a",
      description = "Collection of the API. Default: ${DEFAULT-VALUE}.")
  private String collection;

  @Option(
      names = "--bbox",
      paramLabel = "W,S,E,N",
      description = "Your place, degrees: a few kilometres are a good start.")
  private @Nullable String box;

  @Option(
      names = "--datetime",
      paramLabel = "FROM/TO",
      description = "Your time: several years, as references are of the same season before.")
  private @Nullable String interval;

  @Option(names = "--keep", description = "Stay up afterwards, for `landshift alerts`.")
  private boolean keep;

  @Option(
      names = "--json",
      description =
          "Print the content of summary.json at the end, and alerts and progress on standard error.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    MaskModel mask = maskModel.model(model.key());
    Bundle bundle = model.bundle();
    RuntimeOptions runtime = provider.settle(bundle);
    PrintWriter console = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    Place place = place();
    Folders.clear(out.resolve(".landshift"), out.resolve("maps"));
    Logging.toFile(out.resolve(".landshift/landshift.log"));
    console.println("starting Kafka, Flink and Kafka Streams in this process ...");
    console.flush();
    EmbeddedKafka.Ports ports = keep ? EmbeddedKafka.Ports.STANDARD : EmbeddedKafka.Ports.free();
    DetectionSettings settings =
        model
            .in(DemoRun.settings(out), bundle)
            .withMaskModel(mask)
            .withRegistrationLimit(registration.limit())
            .withRuntime(runtime)
            .withRemote(place == null ? null : place.settings());
    try (LocalStack stack = DemoRun.start(out, ports, settings)) {
      DemoRun.Listener listener = new Listener(console);
      if (place == null) {
        Path data = Folders.demoData();
        DemoRun.Heard heard = DemoRun.replay(stack, DemoReport.series(data), listener);
        report(console, heard, data, mask, runtime);
      } else {
        try (SceneSource source = place.source()) {
          report(console, DemoRun.replay(stack, source, listener), mask, runtime);
        }
      }
      if (keep) {
        console.println(
            "up until Ctrl-C; try: landshift alerts --bootstrap " + stack.bootstrapServers());
        console.flush();
        new CountDownLatch(1).await();
      }
    }
    return ExitCode.OK;
  }

  /** A place of the user's own. */
  private record Place(StacSearch search, RemoteSettings settings) {
    /** Scenes are cut to the box: of a tile of 110 km only that is read. */
    SceneSource source() {
      return new BoxedSource(
          new StacApiSource(search, settings, null, Clock.systemUTC()), search.box());
    }
  }

  private @Nullable Place place() {
    if (from == null) {
      return null;
    }
    if (box == null || interval == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--from needs --bbox W,S,E,N and --datetime FROM/TO");
    }
    StacSearch search =
        StacSearch.of(RemoteSettings.urlOfApi(from), List.of(collection), box, interval);
    return new Place(search, network.settings(from));
  }

  private void report(
      PrintWriter console, DemoRun.Heard heard, @Nullable MaskModel mask, RuntimeOptions runtime) {
    GeoJsonFiles.writeAlerts(out.resolve("alerts.geojson"), DemoRun.standing(heard));
    ObjectNode summary = DemoRun.summary(heard);
    name(summary, mask, runtime);
    GeoJsonFiles.writeJson(out.resolve("summary.json"), summary);
    console.printf(
        "%d scenes in %.1f s -> %s: alerts.geojson, maps/, summary.json%n",
        heard.outcomes().size(), heard.seconds(), out);
    console.flush();
    print(summary);
  }

  private void report(
      PrintWriter console,
      DemoRun.Heard heard,
      Path data,
      @Nullable MaskModel mask,
      RuntimeOptions runtime) {
    List<Alert> alerts = DemoRun.standing(heard);
    DemoReport report = DemoReport.of(data);
    DemoTruth.Judgement judgement = report.judge(alerts);
    GeoJsonFiles.writeAlerts(out.resolve("alerts.geojson"), alerts);
    ObjectNode summary = DemoRun.summary(heard, judgement);
    name(summary, mask, runtime);
    GeoJsonFiles.writeJson(out.resolve("summary.json"), summary);
    report.draw(heard, alerts, judgement, out.resolve("report.png"));
    console.printf(
        "%d of %d reference clear-cuts are overlapped by a confirmed alert;"
            + " confirmed alerts cover %.2f %% of stable forest%n",
        judgement.patchesAlerted(),
        judgement.patches(),
        100.0 * judgement.stablePixelsAlerted() / Math.max(1, judgement.stablePixels()));
    console.printf(
        "%d scenes in %.1f s -> %s: alerts.geojson, maps/, summary.json, report.png%n",
        heard.outcomes().size(), heard.seconds(), out);
    console.flush();
    print(summary);
  }

  private static void name(ObjectNode summary, @Nullable MaskModel mask, RuntimeOptions runtime) {
    summary.put("provider", ProviderOption.name(runtime));
    if (mask != null) {
      summary.put("maskModelDigest", mask.digest());
    }
  }

  private void print(ObjectNode summary) {
    if (json) {
      spec.commandLine().getOut().println(summary.put("out", out.toString()));
      spec.commandLine().getOut().flush();
    }
  }

  /** Prints alerts between the progress. */
  private static final class Listener implements DemoRun.Listener {
    private final PrintWriter console;
    private Progress progress;

    Listener(PrintWriter console) {
      this.console = console;
      this.progress = new Progress(console, 1, "scenes");
    }

    @Override
    public void announced(long scenes) {
      progress = new Progress(console, Math.toIntExact(scenes), "scenes");
    }

    @Override
    public void outcome(SceneOutcome outcome) {
      progress.step(outcome.getSensingTime().toString().substring(0, 10));
    }

    @Override
    public void alert(Alert alert) {
      progress.clear();
      console.println(AlertLines.line(alert));
      console.flush();
    }
  }
}
