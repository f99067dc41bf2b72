package io.landshift.ops.local;

import io.landshift.ingest.catalog.SceneFailure;
import io.landshift.ingest.catalog.SceneSink;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A series of small rasters of forest with a sidecar, of which a corner is felled from some date
 * on.
 */
final class ForestScenes {
  static final int SIDE = 64;

  /** The felled corner is the upper left one, of this side. */
  static final int CUT = 16;

  private static final String[] NAMES = {"B02", "B03", "B04", "B08", "B8A", "B11", "B12"};
  static final int[] FOREST = {250, 450, 280, 3300, 3500, 1500, 700};
  static final int[] BARE = {700, 1000, 1300, 2100, 2200, 3000, 2500};

  private ForestScenes() {}

  /** Writes the series and reads it as ingest does. */
  static List<SceneAvailable> write(Path folder, LocalDate felled, LocalDate... dates)
      throws IOException {
    StringBuilder scenes = new StringBuilder();
    for (LocalDate date : dates) {
      raster(folder.resolve(date + ".tif"), date.isBefore(felled), date.toEpochDay());
      scenes.append(scenes.isEmpty() ? "" : ", ");
      scenes.append("{\"file\": \"%s.tif\", \"date\": \"%s\"}".formatted(date, date));
    }
    Files.writeString(
        folder.resolve("series.json"),
        """
        {"sensor": "sentinel-2-msi", "scale": 0.0001, "offset": 0, "nodata": 0, "scenes": [%s]}
        """
            .formatted(scenes));
    return read(folder);
  }

  /** What ingest finds in a folder that has nothing bad in it. */
  static List<SceneAvailable> read(Path folder) {
    List<SceneAvailable> found = new ArrayList<>();
    try (SceneSource source = Sources.of(folder)) {
      source.read(
          new SceneSink() {
            @Override
            public void scene(SceneAvailable scene) {
              found.add(scene);
            }

            @Override
            public void failure(SceneFailure failure) {
              throw new AssertionError(failure.toString());
            }
          });
    }
    return found;
  }

  private static void raster(Path file, boolean whole, long seed) {
    Random random = new Random(seed);
    short[][] planes = new short[NAMES.length][SIDE * SIDE];
    for (int band = 0; band < planes.length; band++) {
      for (int i = 0; i < SIDE * SIDE; i++) {
        boolean forest = whole || i % SIDE >= CUT || i / SIDE >= CUT;
        planes[band][i] = (short) ((forest ? FOREST : BARE)[band] + random.nextInt(20));
      }
    }
    Grid grid = new Grid("RASTER", "EPSG:32633", 512_000.0, 5_120_000.0, 10.0, SIDE, SIDE);
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, SIDE, SIDE),
        CogLayout.of(RasterType.UINT16, NAMES),
        RowSource.ofShorts(SIDE, planes));
  }
}
