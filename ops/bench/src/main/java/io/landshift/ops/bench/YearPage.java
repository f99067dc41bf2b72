package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A year of one whole tile, worked out: how figures grow from scene to scene is taken from a year
 * of a small tile that was really run, how large they are from a few scenes of a whole tile.
 */
public final class YearPage {
  /** Pixels along a chunk. */
  private static final int CHUNK = 1024;

  private final JsonNode small;
  private final JsonNode whole;
  private final double processor;
  private final double store;
  private final double chunks;

  private YearPage(JsonNode small, int smallPixels, JsonNode whole, int wholePixels) {
    this.small = small;
    this.whole = whole;
    // The year's first half warms the JVM up.
    this.processor =
        withoutHistory(whole, 0) / withoutHistory(small, small.path("scenes").size() / 2);
    this.store = storeBytesPerScene(whole) / storeBytesPerScene(small);
    this.chunks =
        Math.pow(Math.ceilDiv(wholePixels, CHUNK), 2)
            / Math.pow(Math.ceilDiv(smallPixels, CHUNK), 2);
  }

  /**
   * The page.
   *
   * @param year figures of the year of a small tile, as {@link SceneBench#run} gives them
   * @param scenes figures of some scenes of a whole tile, likewise
   * @throws LandshiftException METADATA_INVALID where one of them has no run
   */
  public static String of(JsonNode year, JsonNode scenes) {
    int pixels = year.path("pixels").asInt();
    int wholePixels = scenes.path("pixels").asInt();
    YearPage page = new YearPage(run(year), pixels, run(scenes), wholePixels);
    return page.text(year, scenes);
  }

  /** The run on most slots of the first format. */
  private static JsonNode run(JsonNode figures) {
    JsonNode last = null;
    for (JsonNode format : figures) {
      for (Map.Entry<String, JsonNode> run : format.properties()) {
        if (run.getKey().startsWith("slots-")) {
          last = run.getValue();
        }
      }
      if (last != null) {
        return last;
      }
    }
    throw new LandshiftException(
        FailureReason.METADATA_INVALID, "the figures have no run; measure them with bench scene");
  }

  /** Reading and encoding a scene: what does not depend on the scenes before. CPU-s. */
  private static double withoutHistory(JsonNode run, int from) {
    double sum = 0;
    JsonNode scenes = run.path("scenes");
    for (int at = from; at < scenes.size(); at++) {
      JsonNode stages = scenes.get(at).path("cpuSecondsByStage");
      sum += stages.path("read").asDouble() + stages.path("encode").asDouble();
    }
    return sum / (scenes.size() - from);
  }

  private static double storeBytesPerScene(JsonNode run) {
    return (double) ScenePage.storeBytes(run) / run.path("scenes").size();
  }

  private String text(JsonNode year, JsonNode scenes) {
    List<String> lines = new ArrayList<>();
    lines.add("# A year of one tile, worked out");
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "Run: %,d scenes of %,d x %,d pixels on %s, a look every twenty days for three years and"
                + " then 73 scenes in one, each announced when the one before it was done. Measured whole: %d scenes of %,d x %,d pixels on %s.",
            year.path("scenes").asInt(),
            year.path("pixels").asInt(),
            year.path("pixels").asInt(),
            year.path("machine").asText(),
            scenes.path("scenes").asInt(),
            scenes.path("pixels").asInt(),
            scenes.path("pixels").asInt(),
            scenes.path("machine").asText()));
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "How figures grow is the run's, how large they are the whole tile's: processor time is"
                + " the run's times %.0f, so that reading and encoding a scene cost what they were"
                + " measured to cost; the store is the run's times %.0f, so that a scene takes what"
                + " it was measured to take (the pixels are %.0f times as many). The state grows by"
                + " what a chunk's grew by in the run, times %.0f chunks, from %,d KiB, measured"
                + " after %d scenes. Checkpoints take time in proportion to the state, from %d ms,"
                + " measured likewise; one whose barrier waits behind a scene that is being read"
                + " takes as long as that does.",
            processor,
            store,
            Math.pow(scenes.path("pixels").asDouble() / year.path("pixels").asDouble(), 2),
            chunks,
            whole.path("checkpointBytes").asLong() >> 10,
            whole.path("scenes").size(),
            checkpointMilliseconds(whole)));
    lines.add("");
    lines.add(
        "| scenes | CPU-s a scene | read | encode | fold | assemble | store, GiB | state, KiB |"
            + " checkpoint, ms |");
    lines.add("|---|---|---|---|---|---|---|---|---|");
    int count = small.path("scenes").size();
    int step = Math.max(1, count / 16);
    for (int to = count % step + step; to <= count; to += step) {
      lines.add(row(to - step, to));
    }
    lines.add("");
    return String.join("\n", lines);
  }

  /** Processor time is the mean of the scenes from one to another, the rest as after the last. */
  private String row(int from, int to) {
    double[] stages = {
      mean(from, to, "read"),
      mean(from, to, "encode"),
      mean(from, to, "fold"),
      mean(from, to, "assemble")
    };
    double state = state(to);
    return String.format(
        Locale.ROOT,
        "| %d | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %,.0f | %.0f |",
        to,
        stages[0] + stages[1] + stages[2] + stages[3],
        stages[0],
        stages[1],
        stages[2],
        stages[3],
        store * small.path("scenes").get(to - 1).path("storeBytes").asDouble() / (1L << 30),
        state / 1024,
        checkpointMilliseconds(whole) * state / whole.path("checkpointBytes").asDouble());
  }

  private double mean(int from, int to, String stage) {
    double sum = 0;
    for (int at = from; at < to; at++) {
      sum += small.path("scenes").get(at).path("cpuSecondsByStage").path(stage).asDouble();
    }
    return processor * sum / (to - from);
  }

  /** Bytes of the state of a whole tile after so many scenes. */
  private double state(int scenes) {
    double measured = whole.path("checkpointBytes").asDouble();
    return measured + chunks * (smallState(scenes) - smallState(whole.path("scenes").size()));
  }

  private double smallState(int scenes) {
    return small.path("scenes").get(scenes - 1).path("checkpointBytes").asDouble();
  }

  private static long checkpointMilliseconds(JsonNode run) {
    JsonNode scenes = run.path("scenes");
    return scenes.get(scenes.size() - 1).path("checkpointMilliseconds").asLong();
  }
}
