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
      Path products =
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
                List.of(
                    products.toString(),
                    work.resolve("data").toString(),
                    String.valueOf(slots),
                    String.valueOf(request.dates().paced())));
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
              List.of(products.toString(), maps.toString()));
      runs.set("floor", floor);
    }
    return result;
  }

  /** Writes the figures as JSON, and the page for people. */
  public static void write(ObjectNode result, String page, Path json, Path file) {
    try {
      Files.createDirectories(json.toAbsolutePath().getParent());
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
