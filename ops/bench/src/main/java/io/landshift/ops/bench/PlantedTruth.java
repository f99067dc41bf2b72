package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where changes were planted, and since when they show. Immutable.
 *
 * @param changedFrom the first date on which they show, ISO 8601
 */
record PlantedTruth(String changedFrom, List<Patch> patches) {
  static final String FILE = "truth.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A square of changed ground; pixels of 10 m from the tile's upper left corner. */
  record Patch(int x, int y, int side) {
    IntStream pixels(int width) {
      return IntStream.range(0, side * side).map(i -> (y + i / side) * width + x + i % side);
    }
  }

  /**
   * What was found of the patches.
   *
   * @param patches that were planted
   * @param compared those of which at least half could be compared
   * @param found those of which more than half of what was compared scores high
   * @param high pixels that score high
   * @param highElsewhere those of them outside all patches
   * @param comparedElsewhere pixels outside all patches that were compared
   */
  record Found(
      int patches,
      int compared,
      int found,
      long high,
      long highElsewhere,
      long comparedElsewhere) {}

  PlantedTruth {
    patches = List.copyOf(patches);
  }

  /** Writes it into the folder of a series. */
  void write(Path folder) throws IOException {
    ObjectNode truth = JSON.createObjectNode();
    truth.put("changedFrom", changedFrom);
    var array = truth.putArray("patches");
    for (Patch patch : patches) {
      array.addObject().put("x", patch.x()).put("y", patch.y()).put("side", patch.side());
    }
    JSON.writeValue(folder.resolve(FILE).toFile(), truth);
  }

  /** Reads it from the folder of a series. */
  static PlantedTruth read(Path folder) {
    try {
      JsonNode truth = JSON.readTree(folder.resolve(FILE).toFile());
      List<Patch> patches = new ArrayList<>();
      for (JsonNode patch : truth.path("patches")) {
        patches.add(
            new Patch(
                patch.path("x").asInt(), patch.path("y").asInt(), patch.path("side").asInt()));
      }
      return new PlantedTruth(truth.path("changedFrom").asText(), patches);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares with the scores of a date on which the changes show.
   *
   * @param scores [row * width + column] of the whole tile, NaN where nothing was compared
   * @param high from where on a score is high, in the unit of the scores
   */
  Found compare(float[] scores, int width, double high) {
    BitSet planted = new BitSet(scores.length);
    int compared = 0;
    int found = 0;
    for (Patch patch : patches) {
      int[] at = patch.pixels(width).peek(planted::set).toArray();
      long valid = Arrays.stream(at).filter(pixel -> !Float.isNaN(scores[pixel])).count();
      long hits = Arrays.stream(at).filter(pixel -> scores[pixel] >= high).count();
      if (2 * valid >= at.length) {
        compared++;
        found += 2 * hits > valid ? 1 : 0;
      }
    }
    long hits = 0;
    long elsewhere = 0;
    long comparedElsewhere = 0;
    for (int at = 0; at < scores.length; at++) {
      int hit = scores[at] >= high ? 1 : 0;
      hits += hit;
      if (!planted.get(at) && !Float.isNaN(scores[at])) {
        elsewhere += hit;
        comparedElsewhere++;
      }
    }
    return new Found(patches.size(), compared, found, hits, elsewhere, comparedElsewhere);
  }
}
