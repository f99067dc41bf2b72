package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.GridBand;
import io.landshift.ingest.raster.RasterBand;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Resampling;
import io.landshift.ingest.raster.RowSource;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.ModelImport;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.MaskBlend;
import io.landshift.model.inference.MaskSession;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pretrained model of others, imported without code, gives what its own package gives: windows
 * and blending included. Skipped unless {@code -Dlandshift.csmask=FILE} or {@code LANDSHIFT_CSMASK}
 * names the wheel of ukis-csmask 1.0.0 ({@code pip download --no-deps ukis-csmask==1.0.0}).
 */
@Tag("it")
class CsmaskIT {
  private static final int SIDE = 512;

  /** Pixels of 30 m, so that a cell is a pixel; the image begins at the grid's origin. */
  private static final Grid GRID =
      new Grid("TEST-33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 30.0, SIDE, SIDE);

  private static final PixelWindow WHOLE = new PixelWindow(0, 0, SIDE, SIDE);
  private static final String[] NAMES = {"blue", "green", "red", "nir"};

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"l2a", "l1c"})
  void probabilitiesAreThoseOfThePythonPackage(String level) throws IOException {
    // given
    MaskBundle bundle =
        MaskBundle.of(
            ModelImport.read(wheel(), "model_4b_" + level, null), null, BundleLimits.DEFAULT);
    assertThat(bundle.manifest().name()).isEqualTo("ukis-csmask-4b-" + level);
    short[][] bands = tile();

    // when
    short[] actual = probabilities(bundle, scene(bands));

    // then
    double largest = 0;
    for (double[] expected : expected(level)) {
      int cell = (int) expected[0] * SIDE + (int) expected[1];
      for (int channel = 0; channel < 3; channel++) {
        double got = actual[channel * SIDE * SIDE + cell] / (double) MaskSession.STEPS;
        largest = Math.max(largest, Math.abs(got - expected[2 + channel]));
        assertThat(got).isCloseTo(expected[2 + channel], within(1e-3));
      }
    }
    System.out.printf("csmask 4b %s: largest difference %.2e in 1,024 cells%n", level, largest);
    tell(level, MaskBlend.classes(actual, 3), expert());
  }

  private static Path wheel() {
    String property = System.getProperty("landshift.csmask", "");
    String named = property.isEmpty() ? System.getenv("LANDSHIFT_CSMASK") : property;
    Assumptions.assumeTrue(
        named != null && Files.isRegularFile(Path.of(named)),
        "set -Dlandshift.csmask or LANDSHIFT_CSMASK to the wheel of ukis-csmask 1.0.0");
    return Path.of(Objects.requireNonNull(named));
  }

  private static Path data(String name) {
    String property = System.getProperty("landshift.data", "");
    String named = property.isEmpty() ? System.getenv("LANDSHIFT_DATA") : property;
    Path file =
        Path.of(named == null ? "" : named).resolve("training/cloud_shadow_csmask").resolve(name);
    Assumptions.assumeTrue(Files.isRegularFile(file), "set LANDSHIFT_DATA to the shared data");
    return file;
  }

  private static short[][] tile() {
    short[][] bands = new short[NAMES.length][];
    for (int band = 0; band < bands.length; band++) {
      bands[band] = read(data("sentinel2_img.tif"), band + 1);
    }
    return bands;
  }

  private static short[] expert() {
    return read(data("sentinel2_msk.tif"), 1);
  }

  private static short[] read(Path file, int band) {
    Grid bare = new Grid("BARE", "", 0.0, 0.0, 1.0, SIDE, SIDE);
    float[] numbers = new float[SIDE * SIDE];
    // Without a georeference a raster's rows go down from 0, as the grid's do.
    RasterBand source =
        new RasterBand(file.toString(), band, List.of(), new Extent("", 0, -SIDE, SIDE, 0));
    try (GridBand raster =
        GridBand.open(
            source, bare, Resampling.NEAREST, RasterRules.anywhere(), new DecodeCounter())) {
      raster.read(WHOLE, numbers);
    }
    short[] shorts = new short[numbers.length];
    for (int i = 0; i < shorts.length; i++) {
      shorts[i] = (short) (int) numbers[i];
    }
    return shorts;
  }

  private SceneAvailable scene(short[][] bands) {
    Path file = folder.resolve("tile.tif");
    CogWriter.write(
        file, GRID, WHOLE, CogLayout.of(RasterType.UINT16, NAMES), RowSource.ofShorts(SIDE, bands));
    List<BandAsset> assets = new ArrayList<>();
    double[] wavelengths = {0.49, 0.56, 0.665, 0.842};
    for (int band = 0; band < NAMES.length; band++) {
      assets.add(
          new BandAsset(
              NAMES[band],
              NAMES[band],
              wavelengths[band],
              Modality.OPTICAL,
              file.toString(),
              band + 1,
              1e-4,
              0.0,
              null,
              null));
    }
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(WHOLE)
        .setSensor("sentinel-2-msi")
        .setProductId("TILE")
        .setSensingTime(Instant.parse("2019-08-20T09:00:00Z"))
        .setBands(assets)
        .setMasks(List.of())
        .setAnnouncedAt(Instant.parse("2024-01-01T00:00:00Z"))
        .build();
  }

  /** Chunk by chunk, as the job does it. */
  private static short[] probabilities(MaskBundle bundle, SceneAvailable scene) {
    short[] all = new short[3 * SIDE * SIDE];
    List<BandRequest> none = List.of();
    try (MaskSession session = ModelRuntime.openMask(bundle, RuntimeOptions.cpu());
        SceneReader reader =
            SceneReader.open(
                scene,
                none,
                BandPlan.of(bundle.manifest(), scene).requests(),
                MaskParameters.DEFAULT.withHazeTest(false),
                RasterRules.anywhere(),
                new DecodeCounter())) {
      MaskReading reading =
          new MaskReading(bundle.manifest(), reader, WHOLE, MaskParameters.DEFAULT);
      for (ChunkTask chunk : new ScenePlan(scene, 160, "digest", "href", Instant.EPOCH).chunks()) {
        PixelWindow window = chunk.window();
        MaskTask task = reading.read(window, window);
        task.run(session);
        PixelRegion cells = ChunkRegions.of(window);
        short[] part =
            MaskBlend.probabilities(
                bundle.manifest(),
                cells,
                (row, column) ->
                    Objects.requireNonNull(task.needed().get(new MaskTask.Place(row, column)))
                        .join());
        for (int channel = 0; channel < 3; channel++) {
          for (int row = 0; row < cells.height(); row++) {
            System.arraycopy(
                part,
                (channel * cells.height() + row) * cells.width(),
                all,
                (channel * SIDE + cells.y() + row) * SIDE + cells.x(),
                cells.width());
          }
        }
      }
    }
    return all;
  }

  private static List<double[]> expected(String level) throws IOException {
    List<double[]> rows = new ArrayList<>();
    try (InputStream in = CsmaskIT.class.getResourceAsStream("csmask-4b-" + level + ".csv");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      for (String line : lines.lines().skip(1).toList()) {
        String[] parts = line.split(",", -1);
        double[] row = new double[parts.length];
        for (int i = 0; i < row.length; i++) {
          row[i] = Double.parseDouble(parts[i]);
        }
        rows.add(row);
      }
    }
    assertThat(rows).hasSize(1024);
    return rows;
  }

  /** Against the expert's mask, 0 shadow and 4 cloud: what the model is worth on one tile. */
  private static void tell(String level, byte[] classes, short[] expert) {
    double cloud = intersectionOverUnion(classes, 1, expert, 4);
    double shadow = intersectionOverUnion(classes, 2, expert, 0);
    System.out.printf("csmask 4b %s: IoU cloud %.4f, shadow %.4f%n", level, cloud, shadow);
    assertThat(cloud).isGreaterThan(0.7);
    assertThat(shadow).isGreaterThan(0.6);
  }

  private static double intersectionOverUnion(byte[] classes, int kind, short[] expert, int code) {
    int both = 0;
    int any = 0;
    for (int i = 0; i < classes.length; i++) {
      boolean said = classes[i] == kind;
      boolean isSo = expert[i] == code;
      both += said && isSo ? 1 : 0;
      any += said || isSo ? 1 : 0;
    }
    return (double) both / any;
  }
}
