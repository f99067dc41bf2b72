package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of {@link SceneBench} as a page in Markdown. */
public final class ScenePage {
  private static final List<String> STAGES = List.of("read", "encode", "fold", "assemble");

  private ScenePage() {}

  /** The page of figures as {@link SceneBench#run} gives them. */
  public static String of(JsonNode result) {
    List<String> lines = new ArrayList<>();
    lines.add("# A whole tile, measured");
    lines.add("");
    lines.add(
        "%d scenes of %,d x %,d pixels on %s."
            .formatted(
                result.path("scenes").asInt(),
                result.path("pixels").asInt(),
                result.path("pixels").asInt(),
                result.path("machine").asText()));
    lines.add("");
    lines.add("CPU-s a scene, in brackets km2 per CPU-s:");
    lines.add("");
    lines.add(
        "| run | km2/s | all | read | encode | fold | assemble | floor | all / floor |"
            + " peak RSS, MiB | taken by the host |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
    forEachRun(result, (name, run, floor) -> lines.add(costs(name, run, floor)));
    lines.add("");
    lines.add(
        "| run | read, MiB a scene | written, MiB a scene | decodes a block | batch fill |"
            + " store, MiB a scene | maps, MiB a scene | state of the tile at the end, KiB |"
            + " last checkpoint, ms | slowest, ms | patches found | high elsewhere |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|");
    forEachRun(result, (name, run, floor) -> lines.add(traffic(name, run)));
    lines.add("");
    lines.add(
        "Taken by the host is the share of the processors' time that it gave to other machines while"
            + " this one had work: the more, the less km2/s says."
            + " Read and written is what was asked of the operating system, by all threads. Batch fill is"
            + " the share of the windows of batches that were not padding. Patches found are planted"
            + " changes of which more than half scores high on the last date, of those that could be"
            + " compared; high elsewhere is the share of other compared pixels that does.");
    lines.add("");
    return String.join("\n", lines);
  }

  private interface Row {
    void add(String name, JsonNode run, double floor);
  }

  private static void forEachRun(JsonNode result, Row row) {
    for (Map.Entry<String, JsonNode> format : result.properties()) {
      double floor = format.getValue().path("floor").path("cpuSeconds").asDouble();
      for (Map.Entry<String, JsonNode> run : format.getValue().properties()) {
        if (run.getKey().startsWith("slots-")) {
          row.add(format.getKey() + ", " + run.getKey(), run.getValue(), floor);
        }
      }
    }
  }

  private static String costs(String name, JsonNode run, double floor) {
    int scenes = run.path("scenes").size();
    double area = run.path("squareKilometres").asDouble() / scenes;
    double cpu = run.path("cpuSeconds").asDouble() / scenes;
    StringBuilder row = new StringBuilder("| ").append(name);
    row.append(
        String.format(Locale.ROOT, " | %.0f", run.path("squareKilometresPerSecond").asDouble()));
    row.append(String.format(Locale.ROOT, " | %.1f (%,.0f)", cpu, area / cpu));
    for (String stage : STAGES) {
      double each = run.path("cpuSecondsByStage").path(stage).asDouble() / scenes;
      row.append(String.format(Locale.ROOT, " | %.1f (%,.0f)", each, area / each));
    }
    row.append(String.format(Locale.ROOT, " | %.1f | %.2f", floor, cpu / floor));
    row.append(String.format(Locale.ROOT, " | %,d | ", run.path("peakBytes").asLong() >> 20));
    row.append(
        run.has("stolenShare")
            ? String.format(Locale.ROOT, "%.0f %% |", 100 * run.path("stolenShare").asDouble())
            : "? |");
    return row.toString();
  }

  private static String traffic(String name, JsonNode run) {
    int scenes = run.path("scenes").size();
    JsonNode truth = run.path("truth");
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %,d | %.2f | %s | %,d | %,d | %,d | %,d | %,d | %d of %d | %.3f %% |",
        name,
        (run.path("bytesRead").asLong() >> 20) / scenes,
        (run.path("bytesWritten").asLong() >> 20) / scenes,
        sum(run.path("scenes"), "blocksDecoded")
            / Math.max(1, sum(run.path("scenes"), "blocksDistinct")),
        fills(run.path("batches")),
        (storeBytes(run) >> 20) / scenes,
        (run.path("productBytes").asLong() >> 20) / scenes,
        run.path("checkpointBytes").asLong() >> 10,
        run.path("checkpointMilliseconds").asLong(),
        run.path("slowestCheckpointMilliseconds").asLong(),
        truth.path("found").asInt(),
        truth.path("compared").asInt(),
        100
            * truth.path("highElsewhere").asDouble()
            / Math.max(1, truth.path("comparedElsewhere").asLong()));
  }

  private static String fills(JsonNode batches) {
    List<String> fills = new ArrayList<>();
    for (Map.Entry<String, JsonNode> graph : batches.properties()) {
      fills.add(
          String.format(
              Locale.ROOT,
              "%s %.2f",
              graph.getKey(),
              graph.getValue().path("windows").asDouble()
                  / graph.getValue().path("places").asDouble()));
    }
    return String.join(", ", fills);
  }

  /** What a run had in the store at its end. */
  static long storeBytes(JsonNode run) {
    long bytes = 0;
    for (JsonNode kind : run.path("storeBytesByKind")) {
      bytes += kind.asLong();
    }
    return bytes;
  }

  private static double sum(JsonNode scenes, String figure) {
    double sum = 0;
    for (JsonNode scene : scenes) {
      sum += scene.path(figure).asDouble();
    }
    return sum;
  }
}
