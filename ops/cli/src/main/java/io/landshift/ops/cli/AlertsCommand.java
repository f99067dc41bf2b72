package io.landshift.ops.cli;

import io.landshift.ops.local.EventReader;
import io.landshift.ops.local.GeoJsonFiles;
import io.landshift.schemas.Alert;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.Topic;
import io.landshift.schemas.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows alerts. */
@Command(
    name = "alerts",
    description = {
      "Prints the revisions of alerts, oldest first, to the last one that there is; with --follow"
          + " it stays and prints what comes.",
      "With --json each line is a GeoJSON feature."
    })
final class AlertsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  @Mixin private Broker broker;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = {"-f", "--follow"},
      description = "Stay and print what comes.")
  private boolean follow;

  @Option(names = "--json", description = "One GeoJSON feature a line.")
  private boolean json;

  @Option(
      names = "--subscription",
      paramLabel = "ID",
      description = "Only what this subscriber hears.")
  private @Nullable String subscription;

  @Option(names = "--status", description = "Only these: ${COMPLETION-CANDIDATES}.")
  private @Nullable List<DetectionStatus> statuses;

  @Option(
      names = "--change",
      paramLabel = "NAME",
      description = "Only this score: vegetation-loss, generic.")
  private @Nullable String change;

  @Option(
      names = "--min-area",
      defaultValue = "0",
      paramLabel = "M2",
      description = "Only so large ones.")
  private double minimumArea;

  @Override
  public Integer call() {
    Topic topic = subscription == null ? Topics.ALERTS : Topics.alertsOf(subscription);
    PrintWriter out = spec.commandLine().getOut();
    try (EventReader<Alert> reader =
        EventReader.open(broker.bootstrap(), topic, Alert.class, broker.codec())) {
      reader.readToEnd(alert -> print(alert, out));
      out.flush();
      while (follow) {
        reader.poll(PATIENCE).forEach(alert -> print(alert, out));
        out.flush();
      }
    }
    return ExitCode.OK;
  }

  private void print(Alert alert, PrintWriter out) {
    if (isWanted(alert)) {
      out.println(json ? GeoJsonFiles.feature(alert).toString() : AlertLines.line(alert));
    }
  }

  private boolean isWanted(Alert alert) {
    return (statuses == null || statuses.contains(alert.getDetection().getStatus()))
        && (change == null || change.equals(alert.getDetection().getScore()))
        && alert.getDetection().getAreaM2() >= minimumArea;
  }
}
