package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionCluster;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.model.bundle.Bundles;
import io.landshift.ops.local.Announcer;
import io.landshift.ops.local.EmbeddedKafka;
import io.landshift.ops.local.EventReader;
import io.landshift.ops.local.LocalStack;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.ScoreSummary;
import io.landshift.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Sends a series through the whole system, broker and alerts included, and writes down what it cost
 * from the announcement to the last outcome. The main class of a process of its own.
 */
final class PipelineRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The score that the planted changes are looked for in, and the step of its maps. */
  private static final String SCORE = "generic";

  private static final double SCORE_STEP = 0.01;

  private PipelineRun() {}

  /**
   * Measures, and writes what it found.
   *
   * @param arguments file for the result, folder of the products, folder to work in, slots, whether
   *     each scene is announced only when the one before it is done
   */
  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[2]);
    ObjectNode result =
        measure(
            Path.of(arguments[1]),
            work,
            Integer.parseInt(arguments[3]),
            Boolean.parseBoolean(arguments[4]));
    JSON.writeValue(Path.of(arguments[0]).toFile(), result);
    // Libraries leave threads behind that are no daemons.
    System.exit(0);
  }

  /** A scene that is done: what had been used by then, and the last checkpoint before it. */
  private record Seen(
      SceneOutcome outcome,
      ProcessFigures figures,
      Instant at,
      DetectionCluster.Checkpoint checkpoint) {}

  private static ObjectNode measure(Path products, Path work, int slots, boolean paced)
      throws IOException {
    DetectionSettings settings =
        DetectionSettings.standard(work.resolve("store"), work.resolve("maps"));
    LocalStack.Options options =
        new LocalStack.Options(
            work, EmbeddedKafka.Ports.free(), slots, ClusterOptions.StateBackend.ROCKSDB);
    ObjectNode result = JSON.createObjectNode();
    List<Seen> seen;
    ProcessFigures before;
    try (LocalStack stack = LocalStack.start(options, settings);
        BatchFill batches = new BatchFill()) {
      before = ProcessFigures.now();
      seen = run(products, paced, stack);
      batches.stop(result.putObject("batches"));
    }
    // What needs a look at files comes when nothing is measured any more.
    total(result, seen, before);
    List<StoredFile> store = files(work.resolve("store"));
    ProcessFigures last = before;
    for (Seen each : seen) {
      result.withArray("scenes").add(scene(each, last, store));
      last = each.figures();
    }
    Map<String, Long> byKind = new TreeMap<>();
    store.forEach(file -> byKind.merge(file.kind(), file.bytes(), Long::sum));
    ObjectNode kinds = result.putObject("storeBytesByKind");
    byKind.forEach(kinds::put);
    result.put(
        "productBytes", files(work.resolve("maps")).stream().mapToLong(StoredFile::bytes).sum());
    result.set("truth", truth(products, work.resolve("maps")));
    return result;
  }

  /** Announces the products and waits for all outcomes. */
  private static List<Seen> run(Path products, boolean paced, LocalStack stack) {
    List<Seen> seen = new ArrayList<>();
    try (SceneSource source = Sources.of(products);
        EventReader<SceneOutcome> reader =
            EventReader.open(
                stack.bootstrapServers(),
                Topics.SCENE_OUTCOMES,
                SceneOutcome.class,
                stack.codec())) {
      SceneSource announced =
          paced
              ? new PacedSource(source, () -> await(seen.size() + 1, seen, reader, stack))
              : source;
      long scenes =
          Announcer.announce(announced, stack.bootstrapServers(), stack.codec()).announced();
      await(scenes, seen, reader, stack);
    }
    return seen;
  }

  private static void await(
      long scenes, List<Seen> seen, EventReader<SceneOutcome> reader, LocalStack stack) {
    while (seen.size() < scenes) {
      if (!stack.isAlive()) {
        throw new LandshiftException(
            FailureReason.INTERNAL,
            "the detection job ended after %d of %d scenes".formatted(seen.size(), scenes));
      }
      for (SceneOutcome outcome : reader.poll(Duration.ofMillis(50))) {
        seen.add(new Seen(outcome, ProcessFigures.now(), Instant.now(), stack.lastCheckpoint()));
      }
    }
  }

  private static ObjectNode scene(Seen seen, ProcessFigures from, List<StoredFile> store) {
    SceneOutcome outcome = seen.outcome();
    ObjectNode scene = JSON.createObjectNode();
    scene.put(
        "storeBytes",
        store.stream()
            .filter(file -> !file.written().isAfter(seen.at()))
            .mapToLong(StoredFile::bytes)
            .sum());
    scene.put("checkpointBytes", seen.checkpoint().bytes());
    scene.put("checkpointMilliseconds", seen.checkpoint().milliseconds());
    scene.put("product", outcome.getProductId()).put("result", outcome.getResult().name());
    scene.put("secondsSinceThePreviousOutcome", seen.figures().seconds() - from.seconds());
    ObjectNode stages = scene.putObject("cpuSecondsByStage");
    new TreeMap<>(outcome.getSeconds()).forEach(stages::put);
    scene.put("pixels", outcome.getCoverage().getPixels());
    scene.put("clear", outcome.getCoverage().getClear());
    scene.put("monitored", outcome.getCoverage().getMonitored());
    scene.put("blocksDecoded", outcome.getBlocksDecoded());
    scene.put("blocksDistinct", outcome.getBlocksDistinct());
    for (ScoreSummary score : outcome.getScores()) {
      scene.putObject(score.getScore()).put("high", score.getHigh());
    }
    return scene;
  }

  private static void total(ObjectNode result, List<Seen> seen, ProcessFigures from) {
    List<SceneOutcome> outcomes = seen.stream().map(Seen::outcome).toList();
    ProcessFigures to = seen.getLast().figures();
    long pixels = outcomes.stream().mapToLong(outcome -> outcome.getCoverage().getPixels()).sum();
    double squareKilometres = pixels * 1e-4;
    double seconds = to.seconds() - from.seconds();
    result.put("squareKilometres", squareKilometres);
    result.put("seconds", seconds);
    result.put("cpuSeconds", to.cpuSeconds() - from.cpuSeconds());
    result.put("squareKilometresPerSecond", squareKilometres / seconds);
    double processors = seconds * Runtime.getRuntime().availableProcessors();
    result.put("stolenShare", (to.stolenSeconds() - from.stolenSeconds()) / processors);
    result.put("peakBytes", to.peakBytes());
    result.put("bytesRead", to.bytesRead() - from.bytesRead());
    result.put("bytesWritten", to.bytesWritten() - from.bytesWritten());
    Map<String, Double> stages = new TreeMap<>();
    for (SceneOutcome outcome : outcomes) {
      outcome.getSeconds().forEach((stage, cpu) -> stages.merge(stage, cpu, Double::sum));
    }
    ObjectNode byStage = result.putObject("cpuSecondsByStage");
    stages.forEach(byStage::put);
    DetectionCluster.Checkpoint last = seen.getLast().checkpoint();
    result.put("checkpointBytes", last.bytes());
    result.put("checkpointMilliseconds", last.milliseconds());
    result.put(
        "slowestCheckpointMilliseconds",
        seen.stream().mapToLong(each -> each.checkpoint().milliseconds()).max().orElse(0));
  }

  /** What was found of the planted changes on the last date. */
  private static ObjectNode truth(Path products, Path maps) throws IOException {
    Path map =
        ProductMaps.ofLastScene(maps).stream()
            .filter(file -> file.endsWith(SCORE + "-score.tif"))
            .findFirst()
            .orElseThrow(() ->
                new LandshiftException(FailureReason.INTERNAL, "no map of scores in " + maps));
    double high =
        Bundles.spectralBaseline().manifest().scores().stream()
            .filter(score -> score.name().equals(SCORE))
            .findFirst()
            .orElseThrow()
            .high();
    RasterRules rules = RasterRules.within(maps);
    int width = Rasters.inspect(map.toString(), rules).width();
    PlantedTruth.Found found =
        PlantedTruth.read(products)
            .compare(Rasters.readAll(map.toString(), 1, rules), width, high / SCORE_STEP);
    return JSON.valueToTree(found);
  }

  /**
   * A file as it lies there after the run.
   *
   * @param kind the folder that it lies in
   */
  private record StoredFile(String kind, long bytes, Instant written) {}

  private static List<StoredFile> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      List<StoredFile> files = new ArrayList<>();
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.add(
            new StoredFile(
                file.getName(file.getNameCount() - 2).toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toInstant()));
      }
      return files;
    }
  }
}
