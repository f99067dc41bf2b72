package io.landshift.ops.cli;

import io.landshift.ingest.catalog.ScenePublisher;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ops.local.Announcer;
import io.landshift.schemas.wire.EventCodec;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Announces scenes. */
@Command(
    name = "ingest",
    description = {
      "Announces the scenes of a source: a STAC collection in a folder or zip, STAC items beside"
          + " their rasters, or dated rasters with a sidecar.",
      "Announcing the same source again announces only what is new."
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin private Broker broker;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "SOURCE", description = "Folder, zip or JSON file.")
  private Path path;

  @Option(names = "--watch", description = "Stay, and announce what appears in the folder later.")
  private boolean watch;

  @Override
  public Integer call() {
    try (SceneSource source =
        watch
            ? Sources.watch(path, List.of(), Sources.INTERVAL, Sources.PATIENCE, Clock.systemUTC())
            : Sources.of(path)) {
      ScenePublisher.Counts counts =
          Announcer.announce(source, broker.bootstrap(), EventCodec.embedded());
      spec.commandLine()
          .getOut()
          .printf(
              "%d announced, %d known before, %d not usable (see topic dead-letters)%n",
              counts.announced(), counts.alreadyThere(), counts.failures());
      return counts.failures() > 0 && counts.announced() + counts.alreadyThere() == 0
          ? ExitCode.INPUT
          : ExitCode.OK;
    }
  }
}
