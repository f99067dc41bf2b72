package io.landshift.ops.local;

import io.landshift.ingest.raster.BandInfo;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Overviews;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Turns the maps of a grid's scenes into those of the whole series: each pixel as it was last
 * known.
 */
final class DetectionFolder {
  /** One step of a score's map, in lifecycle units. */
  private static final float SCORE_STEP = 0.01f;

  private static final Map<String, String> SHORT_NAMES =
      Map.of("generic", "change", "vegetation-loss", "loss");

  private final Grid grid;
  private final PixelWindow window;
  private final List<Placed> latestFirst;

  /** An outcome, and the pixels of the grid that its maps cover. */
  private record Placed(SceneOutcome outcome, PixelWindow window) {}

  private DetectionFolder(Grid grid, PixelWindow window, List<Placed> latestFirst) {
    this.grid = grid;
    this.window = window;
    this.latestFirst = latestFirst;
  }

  /**
   * The scenes of one grid and their outcomes.
   *
   * @param grid the maps are written on: that of the scenes, pixel by pixel
   * @param outcomes the last one of each scene; those without products are left out
   */
  static DetectionFolder of(Grid grid, List<SceneAvailable> scenes, List<SceneOutcome> outcomes) {
    Map<String, SceneOutcome> byProduct = new HashMap<>();
    outcomes.forEach(outcome -> byProduct.put(outcome.getProductId(), outcome));
    List<Placed> placed = new ArrayList<>();
    PixelWindow hull = scenes.getFirst().getWindow();
    for (SceneAvailable scene : scenes) {
      hull = hull(hull, scene.getWindow());
      SceneOutcome outcome = byProduct.get(scene.getProductId());
      if (outcome != null && !outcome.getProducts().isEmpty()) {
        placed.add(new Placed(outcome, scene.getWindow()));
      }
    }
    placed.sort(
        Comparator.comparing((Placed each) -> each.outcome().getSensingTime())
            .thenComparing(each -> each.outcome().getProductId())
            .reversed());
    return new DetectionFolder(grid, hull, placed);
  }

  private static PixelWindow hull(PixelWindow a, PixelWindow b) {
    int x = Math.min(a.getX(), b.getX());
    int y = Math.min(a.getY(), b.getY());
    int right = Math.max(a.getX() + a.getWidth(), b.getX() + b.getWidth());
    int bottom = Math.max(a.getY() + a.getHeight(), b.getY() + b.getHeight());
    return new PixelWindow(x, y, right - x, bottom - y);
  }

  /**
   * Writes the maps of the series.
   *
   * @param series whether to write status and days as well as scores
   */
  void write(Path out, boolean series) {
    if (latestFirst.isEmpty()) {
      return;
    }
    for (String map : latestFirst.getFirst().outcome().getProducts().keySet()) {
      if (map.equals("land-cover")) {
        writeBytes(out.resolve("land-cover.tif"), map, 0);
      } else if (map.equals("land-cover-probabilities")) {
        writeProbabilities(out.resolve(map + ".tif"), map);
      } else if (map.endsWith("-score")) {
        writeScore(out.resolve(shortName(map, "-score") + "-score.tif"), map);
      } else if (series && map.endsWith("-status")) {
        writeBytes(out.resolve(shortName(map, "-status") + "-status.tif"), map, 255);
      } else if (series && map.endsWith("-days")) {
        String name = shortName(map, "-days");
        writeDays(out.resolve(name + "-first-day.tif"), map, 1);
        writeDays(out.resolve(name + "-confirmed-day.tif"), map, 2);
      }
    }
  }

  private static String shortName(String map, String kind) {
    String score = map.substring(0, map.length() - kind.length());
    return SHORT_NAMES.getOrDefault(score, score);
  }

  private void writeScore(Path file, String map) {
    float[] values = latest(map, 1);
    for (int p = 0; p < values.length; p++) {
      values[p] = values[p] * SCORE_STEP;
    }
    CogWriter.write(
        file,
        grid,
        window,
        CogLayout.of(RasterType.FLOAT32, "score")
            .withNodata(Double.NaN)
            .withOverviews(Overviews.AVERAGE),
        RowSource.ofFloats(window.getWidth(), values));
  }

  private void writeBytes(Path file, String map, int nodata) {
    CogWriter.write(
        file,
        grid,
        window,
        CogLayout.of(RasterType.UINT8, map).withNodata(nodata),
        RowSource.ofBytes(window.getWidth(), bytes(latest(map, 1), nodata)));
  }

  private static byte[] bytes(float[] values, int nodata) {
    byte[] bytes = new byte[values.length];
    for (int p = 0; p < values.length; p++) {
      bytes[p] = (byte) (Float.isNaN(values[p]) ? nodata : (int) values[p]);
    }
    return bytes;
  }

  /** One band for each class, as the scenes' own maps have them. */
  private void writeProbabilities(Path file, String map) {
    String first = Objects.requireNonNull(latestFirst.getFirst().outcome().getProducts().get(map));
    RasterInfo info = Rasters.inspect(first, RasterRules.anywhere());
    String[] classes = info.bands().stream().map(BandInfo::description).toArray(String[]::new);
    byte[][] planes = new byte[classes.length][];
    for (int band = 0; band < planes.length; band++) {
      planes[band] = bytes(latest(map, band + 1), 255);
    }
    CogWriter.write(
        file,
        grid,
        window,
        CogLayout.of(RasterType.UINT8, classes)
            .withNodata(255)
            .withScale(info.bands().getFirst().scale(), 0)
            .withOverviews(Overviews.AVERAGE),
        RowSource.ofBytes(window.getWidth(), planes));
  }

  private void writeDays(Path file, String map, int band) {
    float[] values = latest(map, band);
    int[] days = new int[values.length];
    for (int p = 0; p < values.length; p++) {
      days[p] = Float.isNaN(values[p]) ? -1 : (int) values[p];
    }
    CogWriter.write(
        file,
        grid,
        window,
        CogLayout.of(RasterType.INT32, map).withNodata(-1),
        RowSource.ofInts(window.getWidth(), days));
  }

  /** Each pixel's number in the latest map that has one; NaN where none has. */
  private float[] latest(String map, int band) {
    float[] values = new float[window.getWidth() * window.getHeight()];
    Arrays.fill(values, Float.NaN);
    int missing = values.length;
    for (Placed placed : latestFirst) {
      String file = placed.outcome().getProducts().get(map);
      if (file != null && missing > 0) {
        float[] pixels = Rasters.readAll(file, band, RasterRules.anywhere());
        missing -= fill(values, pixels, placed.window());
      }
    }
    return values;
  }

  private int fill(float[] values, float[] pixels, PixelWindow from) {
    int filled = 0;
    for (int row = 0; row < from.getHeight(); row++) {
      int at =
          (from.getY() + row - window.getY()) * window.getWidth() + from.getX() - window.getX();
      for (int column = 0; column < from.getWidth(); column++, at++) {
        float value = pixels[row * from.getWidth() + column];
        if (Float.isNaN(values[at]) && !Float.isNaN(value)) {
          values[at] = value;
          filled++;
        }
      }
    }
    return filled;
  }
}
