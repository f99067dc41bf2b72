package io.landshift.ops.cli;

import io.landshift.ops.local.Subscriptions;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Subscription;
import io.landshift.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Subscribes to alerts. */
@Command(
    name = "subscribe",
    description = {
      "Subscribes to alerts: they come on a topic of their own, alerts.ID, from now on.",
      "Subscribing again under the same id replaces the subscription; --cancel ends it."
    })
final class SubscribeCommand implements Callable<Integer> {
  @Mixin private Broker broker;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "ID", description = "Lower-case letters, digits and dashes.")
  private String id;

  @Option(
      names = "--area",
      paramLabel = "FILE.geojson",
      description = "Polygon or MultiPolygon in WGS84, bare or as a Feature; default: everywhere.")
  private @Nullable Path area;

  @Option(
      names = "--change",
      split = ",",
      paramLabel = "NAME",
      description = "Scores: vegetation-loss, generic.")
  private List<String> changes = List.of();

  @Option(names = "--from", split = ",", paramLabel = "CLASS", description = "Land cover before.")
  private List<String> from = List.of();

  @Option(names = "--to", split = ",", paramLabel = "CLASS", description = "Land cover after.")
  private List<String> to = List.of();

  @Option(
      names = "--min-area",
      defaultValue = "0",
      paramLabel = "M2",
      description = "Only so large ones.")
  private double minimumArea;

  @Option(names = "--confirmed", description = "Hear of an alert only once it is confirmed.")
  private boolean confirmedOnly;

  @Option(names = "--cancel", description = "End the subscription.")
  private boolean cancel;

  @Override
  public Integer call() {
    if (cancel) {
      Subscriptions.cancel(broker.bootstrap(), id);
      spec.commandLine().getOut().println(id + " hears no more");
      return ExitCode.OK;
    }
    Subscription subscription =
        Subscription.newBuilder()
            .setId(id)
            .setArea(area == null ? null : read(area))
            .setScores(changes)
            .setFromClasses(from)
            .setToClasses(to)
            .setMinimumAreaM2(minimumArea)
            .setConfirmedOnly(confirmedOnly)
            .build();
    Subscriptions.subscribe(broker.bootstrap(), subscription, broker.codec());
    spec.commandLine()
        .getOut()
        .println(
            id
                + " hears on topic "
                + Topics.alertsOf(id).name()
                + "; try: landshift alerts --follow --subscription "
                + id);
    return ExitCode.OK;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, file + " cannot be read: " + e, e);
    }
  }
}
