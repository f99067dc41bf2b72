package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Radar is read by the reader of Sentinel-2, on the same windows of the same grid. */
@Tag("it")
class RadarReaderIT {
  private static final int SIDE = 600;
  private static final float NODATA = -32_768;
  private static final Grid GRID =
      new Grid("MGRS-33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, SIDE, SIDE);
  private static final List<BandRequest> BOTH =
      List.of(new BandRequest("vv", null, true), new BandRequest("vh", null, true));

  @TempDir Path folder;

  /** Two bands of float32, VV and VH, in one raster that states no nodata. */
  private SceneAvailable scene(Grid of, Backscatter written, float[] vv, float[] vh) {
    Path file = folder.resolve(written + of.getCode() + ".tif");
    CogWriter.write(
        file,
        of,
        new PixelWindow(0, 0, of.getWidth(), of.getHeight()),
        CogLayout.of(RasterType.FLOAT32, "VV", "VH"),
        RowSource.ofFloats(of.getWidth(), vv, vh));
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(new PixelWindow(0, 0, SIDE, SIDE))
        .setSensor(KnownBands.SENTINEL_1)
        .setProductId("S1_TEST")
        .setSensingTime(Instant.EPOCH)
        .setOrbitDirection("ascending")
        .setRelativeOrbit(15)
        .setBands(List.of(band("VV", file, 1, written), band("VH", file, 2, written)))
        .setAnnouncedAt(Instant.EPOCH)
        .build();
  }

  private static BandAsset band(String name, Path file, int index, Backscatter written) {
    return BandAsset.newBuilder()
        .setName(name)
        .setCommonName(name.toLowerCase(Locale.ROOT))
        .setModality(Modality.RADAR)
        .setHref(file.toString())
        .setBand(index)
        .setNodata((double) NODATA)
        .setBackscatter(written)
        .build();
  }

  private static SceneReader open(SceneAvailable scene, DecodeCounter counter) {
    return SceneReader.open(scene, BOTH, MaskParameters.DEFAULT, RasterRules.anywhere(), counter);
  }

  /** Speckled power of about {@code mean}, with a swath's zero fringe in the west. */
  private static float[] power(Random random, double mean, int fringe) {
    float[] power = new float[SIDE * SIDE];
    for (int i = 0; i < power.length; i++) {
      power[i] = (float) (mean * (0.2 + random.nextDouble() + random.nextDouble()));
      if (i % SIDE < fringe) {
        power[i] = 0;
      } else if (random.nextInt(200) == 0) {
        power[i] = random.nextBoolean() ? NODATA : -1e-4f;
      }
    }
    return power;
  }

  /** By natural logarithms in double; NaN for what is no power. */
  private static float decibels(float power) {
    return power > 0 ? (float) (Math.log((double) power) * 4.342944819032518) : Float.NaN;
  }

  @Test
  void powerIsGivenInDecibelsAndWhatIsNoPowerIsNoDataHoweverTheSceneIsSplit() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("RadarReaderIT seed " + seed);
    Random random = new Random(seed);
    float[] vv = power(random, 0.08, 40);
    float[] vh = power(random, 0.015, 37);
    SceneAvailable scene = scene(GRID, Backscatter.POWER, vv, vh);
    int width = 1 + random.nextInt(SIDE);
    int height = 64 + random.nextInt(SIDE);
    DecodeCounter counter = new DecodeCounter();

    try (SceneReader reader = open(scene, counter)) {
      for (int y = 0; y < SIDE; y += height) {
        for (int x = 0; x < SIDE; x += width) {
          // when
          PixelWindow window =
              new PixelWindow(x, y, Math.min(width, SIDE - x), Math.min(height, SIDE - y));
          HarmonisedChunk chunk = reader.read(window);

          // then
          assertThat(chunk.present()).containsExactly(true, true);
          for (int p = 0; p < chunk.pixels(); p++) {
            int at = (y + p / window.getWidth()) * SIDE + x + p % window.getWidth();
            float first = chunk.band(0)[p];
            float second = chunk.band(1)[p];
            boolean seen = vv[at] > 0 && vh[at] > 0;
            if (!same(first, decibels(vv[at]))
                || !same(second, decibels(vh[at]))
                || chunk.quality()[p] != (seen ? Quality.CLEAR : Quality.NODATA)) {
              throw new AssertionError(
                  "seed %d, pixel %d: %s %s, quality %d"
                      .formatted(seed, at, first, second, chunk.quality()[p]));
            }
          }
        }
      }
    }
    assertThat((double) counter.decoded() / counter.distinct()).isLessThanOrEqualTo(1.1);
  }

  private static boolean same(float found, float expected) {
    return Float.isNaN(expected) ? Float.isNaN(found) : Math.abs(found - expected) < 1e-4;
  }

  @Test
  void theZerosOfAFringeAreNotMixedIntoGroundOnAnotherLattice() {
    // given: pixels of 10 m that lie 4 m east and 3 m south of the grid's, ground of -10 dB
    Grid shifted =
        Grid.newBuilder(GRID)
            .setCode("SHIFTED")
            .setOriginX(GRID.getOriginX() + 4)
            .setOriginY(GRID.getOriginY() - 3)
            .build();
    float[] power = new float[SIDE * SIDE];
    for (int i = 0; i < power.length; i++) {
      power[i] = i % SIDE < 100 ? 0 : 0.1f;
    }
    SceneAvailable scene = scene(shifted, Backscatter.POWER, power, power);

    // when
    float[] row;
    try (SceneReader reader = open(scene, new DecodeCounter())) {
      row = reader.read(new PixelWindow(0, 300, SIDE, 1)).band(0);
    }

    // then
    for (int x = 0; x < SIDE; x++) {
      if (x < 100) {
        assertThat(row[x]).as("column %d", x).isNaN();
      } else if (x > 101) {
        assertThat(row[x]).as("column %d", x).isEqualTo(-10, within(1e-4f));
      } else {
        assertThat(Float.isNaN(row[x]) || Math.abs(row[x] + 10) < 1e-4).as("column %d", x).isTrue();
      }
    }
  }

  @Test
  void decibelsAreTakenAsTheyAreAndAWrongUnitIsFound() {
    // given
    float[] vv = new float[SIDE * SIDE];
    float[] vh = new float[SIDE * SIDE];
    for (int i = 0; i < vv.length; i++) {
      vv[i] = -5 - i % 13;
      vh[i] = -14 - i % 11;
    }
    vv[0] = NODATA;
    vh[1] = Float.NEGATIVE_INFINITY;
    SceneAvailable right = scene(GRID, Backscatter.DECIBELS, vv, vh);
    SceneAvailable wrong = scene(GRID, Backscatter.POWER, vv, vh);
    SceneAvailable accepted =
        SceneAvailable.newBuilder(wrong)
            .setAccepted(List.of(FailureReason.RADIOMETRY_CONTRADICTED))
            .build();
    PixelWindow window = new PixelWindow(0, 0, SIDE, 1);

    // when, then
    try (SceneReader reader = open(right, new DecodeCounter())) {
      HarmonisedChunk chunk = reader.read(window);
      assertThat(Arrays.copyOf(chunk.band(0), 4))
          .containsExactly(new float[] {Float.NaN, -6, -7, -8});
      assertThat(chunk.band(1)[0]).isEqualTo(-14);
      assertThat(chunk.band(1)[1]).isNaN();
      assertThat(Arrays.copyOf(chunk.quality(), 3))
          .containsExactly(Quality.NODATA, Quality.NODATA, Quality.CLEAR);
    }
    try (SceneReader reader = open(wrong, new DecodeCounter())) {
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> reader.read(window))
          .withMessageContaining("of S1_TEST is stated as linear power, but 100 %")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.RADIOMETRY_CONTRADICTED));
    }
    try (SceneReader reader = open(accepted, new DecodeCounter())) {
      assertThat(reader.read(window).quality()).containsOnly(Quality.NODATA);
    }
  }

  /** 17 x 17 real pixels of Togo; Earth Engine gave them in decibels. */
  @Test
  void realPixelsAreWhatTheirUnitSaysAndNothingElse() {
    // given
    Path file = SharedData.path("training/crop_s1s2_monthly/98-togo_2019-02-06_2020-02-01.tif");
    Grid grid = Grids.gridOf(Rasters.inspect(file.toString(), RasterRules.anywhere()));

    // when
    HarmonisedChunk chunk;
    try (SceneReader reader = open(togo(file, grid, "dB"), new DecodeCounter())) {
      chunk = reader.read(new PixelWindow(0, 0, grid.getWidth(), grid.getHeight()));
    }

    // then: cropland in February
    float[] vv = chunk.band(0).clone();
    float[] vh = chunk.band(1).clone();
    Arrays.sort(vv);
    Arrays.sort(vh);
    assertThat(vv[vv.length / 2]).as("median of VV").isBetween(-16f, -6f);
    assertThat(vh[vh.length / 2]).as("median of VH").isBetween(-25f, -12f);
    assertThat(chunk.quality()).containsOnly(Quality.CLEAR);
    try (SceneReader reader = open(togo(file, grid, "power"), new DecodeCounter())) {
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> reader.read(new PixelWindow(0, 0, grid.getWidth(), grid.getHeight())))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.RADIOMETRY_CONTRADICTED));
    }
  }

  private static SceneAvailable togo(Path file, Grid grid, String unit) {
    String sidecar =
        """
        {"sensor": "sentinel-1-sar", "date": "2019-02-06", "bands": ["VV", "VH"], "unit": "%s",
         "orbitDirection": "ascending", "relativeOrbit": 132}
        """
            .formatted(unit);
    return SidecarScenes.onGrid(
        file,
        Sidecar.read(
            Json.object(sidecar.getBytes(StandardCharsets.UTF_8), "sidecar"), null, "sidecar"),
        "togo",
        grid,
        RasterRules.anywhere());
  }

  @Test
  void aSidecarMustSayHowBackscatterIsWrittenAndWhereItWasSeenFrom() {
    // given
    SceneAvailable any =
        scene(GRID, Backscatter.POWER, new float[SIDE * SIDE], new float[SIDE * SIDE]);
    Path file = Path.of(any.getBands().getFirst().getHref());
    String fields = "\"sensor\": \"sentinel-1-sar\", \"date\": \"2019-02-06\", \"bands\": [\"VV\"]";
    String orbit = ", \"orbitDirection\": \"ascending\", \"relativeOrbit\": 132";
    String cloud = ", \"masks\": [{\"kind\": \"cloud\"}]";

    // when, then
    assertFails(file, fields + orbit, "\"unit\"");
    assertFails(file, fields + orbit + ", \"unit\": \"m\"", "\"m\"");
    assertFails(file, fields + ", \"unit\": \"dB\", \"relativeOrbit\": 132", "orbitDirection");
    assertFails(
        file, fields + ", \"unit\": \"dB\", \"orbitDirection\": \"ascending\"", "relativeOrbit");
    assertFails(file, fields + orbit + ", \"unit\": \"dB\"" + cloud, "clear");
  }

  private static void assertFails(Path file, String fields, String expected) {
    byte[] json = ("{" + fields + "}").getBytes(StandardCharsets.UTF_8);
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() ->
            SidecarScenes.onGrid(
                file,
                Sidecar.read(Json.object(json, "a.json"), null, "a.json"),
                "a",
                GRID,
                RasterRules.anywhere()))
        .withMessageContaining(expected)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }
}
