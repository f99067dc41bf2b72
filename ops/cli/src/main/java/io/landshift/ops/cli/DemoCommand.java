package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.detection.MaskModel;
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
      "",
      "Contains modified Copernicus Sentinel data 2015-2021."
    })
final class DemoCommand implements Callable<Integer> {
  @Mixin private MaskModelOption maskModel;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--out",
      defaultValue = "landshift-demo",
      paramLabel = "DIR",
      description =
          "Folder for the results; what an earlier demo left is replaced. Default: ${DEFAULT-VALUE}.")
  private Path out;

  @Option(names = "--keep", description = "Stay up afterwards, for `landshift alerts`.")
  private boolean keep;

  @Option(
      names = "--json",
      description =
          "Print the content of summary.json at the end, and alerts and progress on standard error.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    MaskModel mask = maskModel.model();
    PrintWriter console = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    Folders.clear(out.resolve(".landshift"), out.resolve("maps"));
    Logging.toFile(out.resolve(".landshift/landshift.log"));
    Path data = Folders.demoData();
    console.println("starting Kafka, Flink and Kafka Streams in this process ...");
    console.flush();
    EmbeddedKafka.Ports ports = keep ? EmbeddedKafka.Ports.STANDARD : EmbeddedKafka.Ports.free();
    try (LocalStack stack = DemoRun.start(out, ports, mask)) {
      Listener listener = new Listener(console);
      DemoRun.Heard heard = DemoRun.replay(stack, DemoReport.series(data), listener);
      report(console, heard, data, mask);
      if (keep) {
        console.println(
            "up until Ctrl-C; try: landshift alerts --bootstrap " + stack.bootstrapServers());
        console.flush();
        new CountDownLatch(1).await();
      }
    }
    return ExitCode.OK;
  }

  private void report(
      PrintWriter console, DemoRun.Heard heard, Path data, @Nullable MaskModel mask) {
    List<Alert> alerts = DemoRun.standing(heard);
    DemoReport report = DemoReport.of(data);
    DemoTruth.Judgement judgement = report.judge(alerts);
    GeoJsonFiles.writeAlerts(out.resolve("alerts.geojson"), alerts);
    ObjectNode summary = DemoRun.summary(heard, judgement);
    if (mask != null) {
      summary.put("maskModelDigest", mask.digest());
    }
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
