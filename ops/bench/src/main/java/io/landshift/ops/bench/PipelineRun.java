package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.detection.ClusterOptions;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ops.local.Announcer;
import io.landshift.ops.local.EmbeddedKafka;
import io.landshift.ops.local.EventReader;
import io.landshift.ops.local.LocalStack;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.ScoreSummary;
import io.landshift.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

  private PipelineRun() {}

  /**
   * Measures, and writes what it found.
   *
   * @param arguments file for the result, folder of the STAC items, folder to work in, slots
   */
  public static void main(String[] arguments) throws IOException {
    Path work = Path.of(arguments[2]);
    ObjectNode result = measure(Path.of(arguments[1]), work, Integer.parseInt(arguments[3]));
    JSON.writeValue(Path.of(arguments[0]).toFile(), result);
    // Libraries leave threads behind that are no daemons.
    System.exit(0);
  }

  private static ObjectNode measure(Path items, Path work, int slots) {
    DetectionSettings settings =
        DetectionSettings.standard(work.resolve("store"), work.resolve("maps"));
    LocalStack.Options options =
        new LocalStack.Options(
            work, EmbeddedKafka.Ports.free(), slots, ClusterOptions.StateBackend.HASHMAP);
    try (LocalStack stack = LocalStack.start(options, settings);
        SceneSource source = Sources.of(items);
        EventReader<SceneOutcome> reader =
            EventReader.open(
                stack.bootstrapServers(),
                Topics.SCENE_OUTCOMES,
                SceneOutcome.class,
                stack.codec())) {
      ProcessFigures before = ProcessFigures.now();
      long scenes = Announcer.announce(source, stack.bootstrapServers(), stack.codec()).announced();
      ObjectNode result = JSON.createObjectNode();
      List<SceneOutcome> outcomes = new ArrayList<>();
      ProcessFigures last = before;
      while (outcomes.size() < scenes && stack.isAlive()) {
        for (SceneOutcome outcome : reader.poll(Duration.ofMillis(50))) {
          ProcessFigures now = ProcessFigures.now();
          outcomes.add(outcome);
          result.withArray("scenes").add(scene(outcome, last, now, stack, work));
          last = now;
        }
      }
      total(result, outcomes, before, last);
      result.put("checkpointBytes", stack.lastCheckpoint().bytes());
      ObjectNode store = result.putObject("storeBytesByKind");
      storeBytes(work).forEach(store::put);
      result.put("productBytes", bytes(work.resolve("maps")));
      return result;
    }
  }

  private static ObjectNode scene(
      SceneOutcome outcome, ProcessFigures from, ProcessFigures to, LocalStack stack, Path work) {
    ObjectNode scene = JSON.createObjectNode();
    scene.put("storeBytes", bytes(work.resolve("store")));
    scene.put("checkpointBytes", stack.lastCheckpoint().bytes());
    scene.put("checkpointMilliseconds", stack.lastCheckpoint().milliseconds());
    scene.put("product", outcome.getProductId()).put("result", outcome.getResult().name());
    scene.put("secondsSinceThePreviousOutcome", to.seconds() - from.seconds());
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

  private static void total(
      ObjectNode result, List<SceneOutcome> outcomes, ProcessFigures from, ProcessFigures to) {
    long pixels = outcomes.stream().mapToLong(outcome -> outcome.getCoverage().getPixels()).sum();
    double squareKilometres = pixels * 1e-4;
    double seconds = to.seconds() - from.seconds();
    result.put("squareKilometres", squareKilometres);
    result.put("seconds", seconds);
    result.put("cpuSeconds", to.cpuSeconds() - from.cpuSeconds());
    result.put("squareKilometresPerSecond", squareKilometres / seconds);
    result.put("peakBytes", to.peakBytes());
    result.put("bytesRead", to.bytesRead() - from.bytesRead());
    result.put("bytesWritten", to.bytesWritten() - from.bytesWritten());
    Map<String, Double> stages = new TreeMap<>();
    for (SceneOutcome outcome : outcomes) {
      outcome.getSeconds().forEach((stage, cpu) -> stages.merge(stage, cpu, Double::sum));
    }
    ObjectNode byStage = result.putObject("cpuSecondsByStage");
    stages.forEach(byStage::put);
  }

  private static Map<String, Long> storeBytes(Path work) {
    Map<String, Long> byKind = new TreeMap<>();
    Path root = work.resolve("store");
    for (Path file : files(root)) {
      byKind.merge(file.getName(file.getNameCount() - 2).toString(), size(file), Long::sum);
    }
    return byKind;
  }

  private static long bytes(Path folder) {
    return files(folder).stream().mapToLong(PipelineRun::size).sum();
  }

  private static List<Path> files(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).toList();
    } catch (IOException | UncheckedIOException e) {
      // Checkpoints come and go while one looks.
      return List.of();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
