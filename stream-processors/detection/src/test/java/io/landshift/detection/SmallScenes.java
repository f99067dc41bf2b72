package io.landshift.detection;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes small scenes of forest with real rasters: 128 x 128 pixels of 10 m, seven bands, SCL. */
final class SmallScenes {
  static final int SIDE = 128;
  static final Grid GRID = grid("TEST-33TWL", 499_980, 5_100_000);
  static final PixelWindow WHOLE = new PixelWindow(0, 0, SIDE, SIDE);

  /** Sen2Cor's classes for vegetation and for cloud of high probability. */
  static final byte VEGETATION = 4;

  static final byte CLOUD = 9;

  private static final String[] NAMES = {"B02", "B03", "B04", "B08", "B8A", "B11", "B12"};
  private static final String[] COMMON = {
    "blue", "green", "red", "nir", "nir08", "swir16", "swir22"
  };
  private static final double[] WAVELENGTHS = {0.49, 0.56, 0.665, 0.842, 0.865, 1.61, 2.19};
  private static final int[] FOREST = {250, 450, 280, 3300, 3500, 1500, 700};

  private SmallScenes() {}

  static Grid grid(String code, double originX, double originY) {
    return new Grid(code, "EPSG:32633", originX, originY, 10.0, SIDE, SIDE);
  }

  /** Reflectances of forest, noisy so that they compress badly, as real ones do. */
  static void forest(Path file, Grid grid, PixelWindow window) {
    int pixels = window.getWidth() * window.getHeight();
    Random random = new Random(7);
    short[][] planes = new short[FOREST.length][pixels];
    for (int band = 0; band < planes.length; band++) {
      for (int i = 0; i < pixels; i++) {
        planes[band][i] = (short) (FOREST[band] + random.nextInt(64));
      }
    }
    CogWriter.write(
        file,
        grid,
        window,
        CogLayout.of(RasterType.UINT16, NAMES).withNodata(0),
        RowSource.ofShorts(window.getWidth(), planes));
  }

  /** The same number in every band and pixel. */
  static void constant(Path file, float number) {
    float[] plane = new float[SIDE * SIDE];
    Arrays.fill(plane, number);
    float[][] planes = new float[NAMES.length][];
    Arrays.fill(planes, plane);
    CogWriter.write(
        file,
        GRID,
        WHOLE,
        CogLayout.of(RasterType.FLOAT32, NAMES),
        RowSource.ofFloats(SIDE, planes));
  }

  /** A scene classification of one class. */
  static void classification(Path file, byte type) {
    byte[] plane = new byte[SIDE * SIDE];
    Arrays.fill(plane, type);
    CogWriter.write(
        file, GRID, WHOLE, CogLayout.of(RasterType.UINT8, "SCL"), RowSource.ofBytes(SIDE, plane));
  }

  /** An announcement of the bands of one raster, without a mask. */
  static SceneAvailable scene(String productId, Instant sensed, String href) {
    List<BandAsset> bands = new ArrayList<>();
    for (int i = 0; i < NAMES.length; i++) {
      bands.add(
          new BandAsset(
              NAMES[i],
              COMMON[i],
              WAVELENGTHS[i],
              Modality.OPTICAL,
              href,
              i + 1,
              1e-4,
              0.0,
              0.0,
              null));
    }
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(WHOLE)
        .setSensor("sentinel-2-msi")
        .setProductId(productId)
        .setSensingTime(sensed)
        .setBands(bands)
        .setMasks(List.of())
        .setAnnouncedAt(Instant.parse("2024-01-01T00:00:00Z"))
        .build();
  }

  static List<MaskAsset> mask(Path file) {
    return List.of(new MaskAsset(MaskKind.SCENE_CLASSIFICATION, file.toString(), 1));
  }
}
