package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Measures whole scenes: the pipeline in each format with each number of slots, and the floor. */
public final class SceneBench {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final String CPU_SECONDS = "cpuSeconds";
  private static final String CPU_BY_STAGE = "cpuSecondsByStage";
  private static final List<String> STAGES = List.of("read", "encode", "fold", "assemble");

  /**
   * What to measure.
   *
   * @param source folder of the real scene's bands
   * @param kept where made products stay for the next time
   * @param work folder for what is needed meanwhile
   * @param pixels side of the tile in pixels of 10 m
   * @param dates of the scenes
   * @param slots of each run; a slot has a processor core to itself
   */
  public record Request(
      Path source,
      Path kept,
      Path work,
      int pixels,
      BenchSeries.Dates dates,
      List<BenchSeries.Format> formats,
      List<Integer> slots) {
    public Request {
      formats = List.copyOf(formats);
      slots = List.copyOf(slots);
    }
  }

  private SceneBench() {}

  /**
   * Measures.
   *
   * @param progress is told what is done next
   * @return all figures, as they are written to JSON
   * @throws io.landshift.schemas.LandshiftException where a product cannot be made or a run fails
   */
  public static ObjectNode run(Request request, Consumer<String> progress) {
    ObjectNode result = JSON.createObjectNode();
    result.put("machine", ProcessFigures.machine());
    result.put("pixels", request.pixels());
    result.put("scenes", request.dates().days().size());
    for (BenchSeries.Format format : request.formats()) {
      String name = format.name().toLowerCase(Locale.ROOT);
      progress.accept("making the " + name + " series, unless it is there");
      Path items =
          BenchSeries.make(
              request.source(), request.kept(), format, request.pixels(), request.dates());
      ObjectNode runs = result.putObject(name);
      for (int slots : request.slots()) {
        progress.accept("running " + name + " on " + slots + " slots");
        Path work = request.work().resolve(name + "-" + slots);
        delete(work);
        JsonNode pipeline =
            ChildProcess.run(
                work,
                PipelineRun.class,
                slots,
                List.of(items.toString(), work.resolve("data").toString(), String.valueOf(slots)));
        runs.set("slots-" + slots, pipeline);
      }
      progress.accept("running the floor of " + name);
      Path maps =
          request.work().resolve(name + "-" + request.slots().getLast()).resolve("data/maps");
      JsonNode floor =
          ChildProcess.run(
              request.work().resolve(name + "-floor"),
              FloorRun.class,
              1,
              List.of(items.toString(), maps.toString()));
      runs.set("floor", floor);
    }
    return result;
  }

  /** Writes the figures as JSON, and the page for people. */
  public static void write(ObjectNode result, String page, Path json, Path file) {
    try {
      JSON.writeValue(json.toFile(), result);
      Files.writeString(file, page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads figures that were written as JSON.
   *
   * @throws LandshiftException METADATA_INVALID where the file is none
   */
  public static JsonNode read(Path json) {
    try {
      return JSON.readTree(json.toFile());
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          json + " holds no figures of a bench: " + e.getMessage(),
          e);
    }
  }

  /** The figures as a page in Markdown. */
  public static String page(JsonNode result) {
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
    lines.add(
        "| run | km2/s | CPU-s a scene | read | encode | fold | assemble | floor, CPU-s a scene |"
            + " ratio | peak RSS, MiB | decodes a block | store, MiB a scene | maps, MiB a scene |"
            + " checkpoint, KiB |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (var format : result.properties()) {
      if (!format.getValue().has("floor")) {
        continue;
      }
      double floor = format.getValue().path("floor").path(CPU_SECONDS).asDouble();
      for (var run : format.getValue().properties()) {
        if (run.getKey().startsWith("slots-")) {
          lines.add(row(format.getKey() + ", " + run.getKey(), run.getValue(), floor));
        }
      }
    }
    lines.add("");
    return String.join("\n", lines);
  }

  private static String row(String name, JsonNode run, double floor) {
    int scenes = run.path("scenes").size();
    long decoded = 0;
    long distinct = 0;
    for (JsonNode scene : run.path("scenes")) {
      decoded += scene.path("blocksDecoded").asLong();
      distinct += scene.path("blocksDistinct").asLong();
    }
    long store = 0;
    for (JsonNode kind : run.path("storeBytesByKind")) {
      store += kind.asLong();
    }
    double cpu = run.path(CPU_SECONDS).asDouble() / scenes;
    JsonNode stages = run.path(CPU_BY_STAGE);
    return String.format(
        Locale.ROOT,
        "| %s | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f | %,d | %.2f | %,d | %,d |"
            + " %,d |",
        name,
        run.path("squareKilometresPerSecond").asDouble(),
        cpu,
        stages.path("read").asDouble() / scenes,
        stages.path("encode").asDouble() / scenes,
        stages.path("fold").asDouble() / scenes,
        stages.path("assemble").asDouble() / scenes,
        floor,
        cpu / floor,
        run.path("peakBytes").asLong() >> 20,
        decoded / (double) Math.max(1, distinct),
        (store >> 20) / scenes,
        (run.path("productBytes").asLong() >> 20) / scenes,
        run.path("checkpointBytes").asLong() >> 10);
  }

  /**
   * A year of one tile, worked out from a year of a smaller one that was really run: what is stored
   * and computed of a pixel is multiplied by the pixels of a tile.
   *
   * @param pixels side of a tile
   */
  public static String year(JsonNode result, int pixels) {
    double factor = Math.pow((double) pixels / result.path("pixels").asInt(), 2);
    List<String> lines = new ArrayList<>();
    lines.add("# A year of one tile, worked out");
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "Run: %d scenes of %,d x %,d pixels on %s. Worked out for %,d x %,d pixels: store and"
                + " processor time times %.0f. Checkpoints hold addresses, not pixels: their number"
                + " grows with chunks.",
            result.path("scenes").asInt(),
            result.path("pixels").asInt(),
            result.path("pixels").asInt(),
            result.path("machine").asText(),
            pixels,
            pixels,
            factor));
    lines.add("");
    lines.add(
        "| scenes | CPU-s a scene: read | encode | fold | assemble | store, GiB | checkpoint of the"
            + " run, KiB | its time, ms |");
    lines.add("|---|---|---|---|---|---|---|---|");
    JsonNode scenes = result.path("cog").path("slots-2").path("scenes");
    int step = Math.max(1, scenes.size() / 12);
    for (int at = step - 1; at < scenes.size(); at += step) {
      JsonNode stages = scenes.get(at).path(CPU_BY_STAGE);
      lines.add(
          String.format(
              Locale.ROOT,
              "| %d | %.1f | %.1f | %.1f | %.1f | %.0f | %,d | %d |",
              at + 1,
              factor * stages.path("read").asDouble(),
              factor * stages.path("encode").asDouble(),
              factor * stages.path("fold").asDouble(),
              factor * stages.path("assemble").asDouble(),
              factor * scenes.get(at).path("storeBytes").asDouble() / (1L << 30),
              scenes.get(at).path("checkpointBytes").asLong() >> 10,
              scenes.get(at).path("checkpointMilliseconds").asLong()));
    }
    lines.add("");
    return String.join("\n", lines);
  }

  /**
   * What two measurements of the same scenes differ by, in processor time: the clock says more of
   * what else the machine did.
   *
   * @param before as {@link #run} made it
   * @param after likewise, with the same formats and slots
   * @return one line for each run that both have
   */
  public static List<String> compared(JsonNode before, JsonNode after) {
    List<String> lines = new ArrayList<>();
    for (var format : after.properties()) {
      for (var run : format.getValue().properties()) {
        JsonNode then = before.path(format.getKey()).path(run.getKey());
        if (run.getKey().startsWith("slots-") && then.has(CPU_SECONDS)) {
          lines.add(
              format.getKey() + ", " + run.getKey() + ": " + comparedRuns(then, run.getValue()));
        }
      }
    }
    return lines;
  }

  private static String comparedRuns(JsonNode before, JsonNode after) {
    StringBuilder line =
        new StringBuilder(ratio(before.path(CPU_SECONDS), after.path(CPU_SECONDS)));
    for (String stage : STAGES) {
      line.append("; ")
          .append(stage)
          .append(' ')
          .append(
              ratio(before.path(CPU_BY_STAGE).path(stage), after.path(CPU_BY_STAGE).path(stage)));
    }
    return line.toString();
  }

  private static String ratio(JsonNode before, JsonNode after) {
    return String.format(
        Locale.ROOT,
        "%.2f CPU-s where %.2f were (x %.2f)",
        after.asDouble(),
        before.asDouble(),
        after.asDouble() / before.asDouble());
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
