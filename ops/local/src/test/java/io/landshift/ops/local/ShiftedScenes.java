package io.landshift.ops.local;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Scenes of 30 m made of a real one of 10 m (bench/virginia_s2_l1c, CC0): each pixel is the mean of
 * 3 x 3, so that a scene lies off by thirds of a pixel without any interpolation.
 */
final class ShiftedScenes {
  /** Fine pixels in a pixel. */
  static final int FINE = 3;

  static final int SIDE = 160;
  static final PixelWindow WINDOW = new PixelWindow(0, 0, SIDE, SIDE);
  private static final Grid GRID =
      new Grid("TEST-30M", "EPSG:32618", 300_000.0, 4_400_010.0, 30.0, SIDE, SIDE);

  /** Column and row of the fine scene where the scenes begin: there it is wooded. */
  private static final int START = 210;

  private static final double NOISE = 15;
  private static final List<String> NAMES = List.of("B02", "B03", "B04", "B08", "B11", "B12");
  private static final List<String> COMMON =
      List.of("blue", "green", "red", "nir", "swir16", "swir22");
  private static final double[] WAVELENGTHS = {0.49, 0.56, 0.665, 0.842, 1.61, 2.19};

  private final Path folder;
  private final Map<String, Fine> bands = new HashMap<>();

  private record Fine(float[] pixels, int width, int factor, float dark) {
    float at(int x, int y) {
      return Math.max(
          1, pixels[Math.floorDiv(y, factor) * width + Math.floorDiv(x, factor)] - dark);
    }
  }

  /** Reads the real scene; skips the test where the shared data are absent. */
  ShiftedScenes(Path folder) {
    this.folder = folder;
    for (String name : NAMES) {
      String file = VirginiaScenes.data().resolve(name + ".tif").toString();
      RasterInfo info = Rasters.inspect(file, RasterRules.anywhere());
      float[] pixels = Rasters.readAll(file, 1, RasterRules.anywhere());
      float[] sorted = pixels.clone();
      Arrays.sort(sorted);
      int factor = info.width() > 1500 ? 1 : 2;
      bands.put(name, new Fine(pixels, info.width(), factor, sorted[sorted.length / 100] - 100));
    }
  }

  /** A band of a scene that lies so many fine pixels east and south of the ground. */
  float[] band(String name, int east, int south, long seed) {
    Fine fine = bands.get(name);
    Random random = new Random(seed);
    float[] band = new float[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double sum = 0;
        for (int i = 0; i < FINE * FINE; i++) {
          int column = START + FINE * x - east + i % FINE;
          int row = START + FINE * y - south + i / FINE;
          sum += fine.at(column, row);
        }
        band[y * SIDE + x] = (float) (sum / (FINE * FINE) + NOISE * random.nextGaussian());
      }
    }
    return band;
  }

  /** Writes and announces a scene that lies so many fine pixels east and south of the ground. */
  SceneAvailable scene(LocalDate date, int east, int south) {
    List<BandAsset> assets = new ArrayList<>();
    short[][] planes = new short[NAMES.size()][SIDE * SIDE];
    Path file = folder.resolve(date + ".tif");
    for (int i = 0; i < planes.length; i++) {
      float[] band = band(NAMES.get(i), east, south, 10 * date.toEpochDay() + i);
      for (int p = 0; p < band.length; p++) {
        planes[i][p] = (short) Math.max(1, Math.round(band[p]));
      }
      assets.add(
          BandAsset.newBuilder()
              .setName(NAMES.get(i))
              .setCommonName(COMMON.get(i))
              .setCenterWavelength(WAVELENGTHS[i])
              .setHref(file.toString())
              .setBand(i + 1)
              .setScale(1e-4)
              .setOffset(0)
              .setNodata(0.0)
              .build());
    }
    CogWriter.write(
        file,
        GRID,
        WINDOW,
        CogLayout.of(RasterType.UINT16, NAMES.toArray(String[]::new)).withNodata(0),
        RowSource.ofShorts(SIDE, planes));
    Instant sensed = date.atTime(LocalTime.of(15, 50)).toInstant(ZoneOffset.UTC);
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(WINDOW)
        .setSensor("sentinel-2-msi")
        .setProductId("S2A_" + date)
        .setSensingTime(sensed)
        .setBands(assets)
        .setMasks(List.of())
        .setAnnouncedAt(sensed.plusSeconds(3600))
        .build();
  }
}
