package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class SceneReaderIT {
  private static final int SIDE = 1200;
  private static final Grid GRID =
      new Grid("TEST", "EPSG:32633", 500_000.0, 5_000_000.0, 10.0, SIDE, SIDE);
  private static final PixelWindow ALL = new PixelWindow(0, 0, SIDE, SIDE);
  private static final BandRequest RED = new BandRequest("red", 0.665, true);
  private static final MaskParameters NO_CHUNK_TESTS =
      MaskParameters.DEFAULT.withHazeTest(false).withMinimumClearShare(0);

  private static final String[] ONE = {"mask"};
  private static final String[] THREE = {"opaque", "cirrus", "snow"};

  @TempDir Path folder;

  private String raster(String name, Grid grid, RasterType type, RowSource source) {
    Path file = folder.resolve(name);
    PixelWindow whole = new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
    CogWriter.write(file, grid, whole, CogLayout.of(type, "b"), source);
    return file.toString();
  }

  private static BandAsset band(String name, String common, double wavelength, String href) {
    return new BandAsset(
        name, common, wavelength, Modality.OPTICAL, href, 1, 1e-4, -0.1, 0.0, null);
  }

  private static SceneAvailable scene(List<BandAsset> bands, List<MaskAsset> masks) {
    return SceneAvailable.newBuilder()
        .setGrid(GRID)
        .setWindow(ALL)
        .setSensor(KnownBands.SENTINEL_2)
        .setProductId("S2_TEST")
        .setSensingTime(Instant.EPOCH)
        .setBands(bands)
        .setMasks(masks)
        .setAnnouncedAt(Instant.EPOCH)
        .build();
  }

  private static SceneReader open(
      SceneAvailable scene,
      MaskParameters parameters,
      DecodeCounter counter,
      BandRequest... bands) {
    return SceneReader.open(scene, List.of(bands), parameters, RasterRules.anywhere(), counter);
  }

  @Test
  void scalesNumbersAndKeepsDarkPixelsApartFromNodata() {
    // given
    short[] numbers = new short[SIDE * SIDE];
    Arrays.fill(numbers, (short) 1500);
    numbers[0] = 0;
    numbers[1] = 900;
    numbers[2] = 1000;
    numbers[3] = 1001;
    numbers[4] = (short) 60_000;
    String red = raster("red.tif", GRID, RasterType.UINT16, RowSource.ofShorts(SIDE, numbers));
    SceneAvailable scene = scene(List.of(band("B04", "red", 0.665, red)), List.of());

    // when
    HarmonisedChunk chunk;
    try (SceneReader reader =
        open(
            scene,
            NO_CHUNK_TESTS,
            new DecodeCounter(),
            RED,
            new BandRequest("nir", 0.842, false))) {
      chunk = reader.read(new PixelWindow(0, 0, 10, 2));
    }

    // then
    float[] reflectance = chunk.band(0);
    assertThat(reflectance[0]).isNaN();
    assertThat(reflectance[1]).isEqualTo(1e-4f);
    assertThat(reflectance[2]).isEqualTo(1e-4f);
    assertThat(reflectance[3]).isEqualTo(1e-4f, within(1e-7f));
    assertThat(reflectance[4]).isEqualTo(5.9f, within(1e-6f));
    assertThat(reflectance[5]).isEqualTo(0.05f, within(1e-7f));
    assertThat(chunk.bands()[1]).isNull();
    assertThat(chunk.present()).containsExactly(true, false);
    assertThat(chunk.quality()[0]).isEqualTo(Quality.NODATA);
    assertThat(Quality.count(chunk.quality(), Quality.CLEAR)).isEqualTo(19);
  }

  @Test
  void refusesASceneWithoutARequiredBandAndSaysWhatItHas() {
    SceneAvailable scene = scene(List.of(band("B04", "red", 0.665, "/absent.tif")), List.of());

    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() ->
            open(scene, NO_CHUNK_TESTS, new DecodeCounter(), new BandRequest("swir16", 1.61, true)))
        .withMessageContaining("swir16")
        .withMessageContaining("B04 (red)")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.BAND_MISSING));
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> open(scene, NO_CHUNK_TESTS, new DecodeCounter(), RED))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ASSET_MISSING));
  }

  @Test
  void masksEveryPixelTheSameHoweverTheSceneIsSplitAndDecodesEachBlockOnce() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("SceneReaderIT seed " + seed);
    Random random = new Random(seed);
    short[] numbers = new short[SIDE * SIDE];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) (random.nextInt(50) == 0 ? 0 : 1000 + random.nextInt(5000));
    }
    int coarse = SIDE / 2;
    byte[] classes = new byte[coarse * coarse];
    for (int i = 0; i < classes.length; i++) {
      int draw = random.nextInt(400);
      classes[i] = (byte) (draw < 12 ? draw : 4 + draw % 3);
    }
    Grid coarseGrid = new Grid("SCL", "EPSG:32633", 500_000.0, 5_000_000.0, 20.0, coarse, coarse);
    String red = raster("red.tif", GRID, RasterType.UINT16, RowSource.ofShorts(SIDE, numbers));
    String scl =
        raster("scl.tif", coarseGrid, RasterType.UINT8, RowSource.ofBytes(coarse, classes));
    SceneAvailable scene =
        scene(
            List.of(band("B04", "red", 0.665, red)),
            List.of(new MaskAsset(MaskKind.SCENE_CLASSIFICATION, scl, 1)));
    byte[] whole = readInWindows(scene, SIDE, SIDE, new DecodeCounter());

    for (int round = 0; round < 4; round++) {
      // when
      int width = 1 + random.nextInt(SIDE);
      int height = 64 + random.nextInt(SIDE);
      DecodeCounter counter = new DecodeCounter();
      byte[] split = readInWindows(scene, width, height, counter);

      // then
      assertThat(split).as("seed %d, windows of %d x %d", seed, width, height).isEqualTo(whole);
      assertThat((double) counter.decoded() / counter.distinct())
          .as("seed %d, windows of %d x %d", seed, width, height)
          .isLessThanOrEqualTo(1.1);
    }
    assertThat(whole)
        .isEqualTo(expectedQuality(numbers, classes, coarse))
        .contains(Quality.CLEAR, Quality.CLOUD, Quality.SHADOW, Quality.SNOW, Quality.OTHER);
  }

  /** Pixel by pixel from the definition, without dilation. */
  private static byte[] expectedQuality(short[] numbers, byte[] classes, int coarse) {
    byte[] expected = new byte[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int own = classes[y / 2 * coarse + x / 2];
        byte quality = own >= 4 && own <= 6 ? Quality.CLEAR : Quality.OTHER;
        if (near(classes, coarse, x, y, 2, 11, 11)) {
          quality = Quality.SNOW;
        }
        if (near(classes, coarse, x, y, 4, 3, 3)) {
          quality = Quality.SHADOW;
        }
        if (near(classes, coarse, x, y, 4, 8, 10)) {
          quality = Quality.CLOUD;
        }
        if (own == 1) {
          quality = Quality.OTHER;
        }
        if (own == 0 || numbers[y * SIDE + x] == 0) {
          quality = Quality.NODATA;
        }
        expected[y * SIDE + x] = quality;
      }
    }
    return expected;
  }

  private static boolean near(
      byte[] classes, int coarse, int x, int y, int radius, int first, int last) {
    int bottom = Math.min(SIDE - 1, y + radius) / 2;
    int right = Math.min(SIDE - 1, x + radius) / 2;
    for (int v = Math.max(0, y - radius) / 2; v <= bottom; v++) {
      for (int u = Math.max(0, x - radius) / 2; u <= right; u++) {
        int found = classes[v * coarse + u];
        if (found >= first && found <= last) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte[] readInWindows(
      SceneAvailable scene, int width, int height, DecodeCounter counter) {
    byte[] quality = new byte[SIDE * SIDE];
    try (SceneReader reader = open(scene, NO_CHUNK_TESTS, counter, RED)) {
      for (int y = 0; y < SIDE; y += height) {
        for (int x = 0; x < SIDE; x += width) {
          PixelWindow window =
              new PixelWindow(x, y, Math.min(width, SIDE - x), Math.min(height, SIDE - y));
          byte[] part = reader.read(window).quality();
          for (int row = 0; row < window.getHeight(); row++) {
            System.arraycopy(
                part, row * window.getWidth(), quality, (y + row) * SIDE + x, window.getWidth());
          }
        }
      }
    }
    return quality;
  }

  @Test
  void takesACloudBeyondTheGridsBorderIntoAccount() {
    // given: the mask reaches 100 m further west than the grid, with a cloud just outside
    Grid wide = new Grid("SCL", "EPSG:32633", 499_900.0, 5_000_000.0, 10.0, SIDE + 10, SIDE);
    byte[] classes = new byte[(SIDE + 10) * SIDE];
    Arrays.fill(classes, (byte) 4);
    classes[600 * (SIDE + 10) + 8] = 9;
    short[] numbers = new short[SIDE * SIDE];
    Arrays.fill(numbers, (short) 1500);
    String red = raster("red.tif", GRID, RasterType.UINT16, RowSource.ofShorts(SIDE, numbers));
    String scl = raster("scl.tif", wide, RasterType.UINT8, RowSource.ofBytes(SIDE + 10, classes));
    SceneAvailable scene =
        scene(
            List.of(band("B04", "red", 0.665, red)),
            List.of(new MaskAsset(MaskKind.SCENE_CLASSIFICATION, scl, 1)));

    // when
    byte[] quality;
    try (SceneReader reader = open(scene, NO_CHUNK_TESTS, new DecodeCounter(), RED)) {
      quality = reader.read(new PixelWindow(0, 600, 4, 1)).quality();
    }

    // then
    assertThat(quality).containsExactly(Quality.CLOUD, Quality.CLOUD, Quality.CLOUD, Quality.CLEAR);
  }

  @Test
  void takesAClearMaskAsItIs() {
    // given
    short[] numbers = new short[SIDE * SIDE];
    Arrays.fill(numbers, (short) 1500);
    byte[] clear = new byte[SIDE * SIDE];
    Arrays.fill(clear, (byte) 1);
    clear[1] = 0;
    String red = raster("red.tif", GRID, RasterType.UINT16, RowSource.ofShorts(SIDE, numbers));
    String mask = raster("clear.tif", GRID, RasterType.UINT8, RowSource.ofBytes(SIDE, clear));
    SceneAvailable scene =
        scene(
            List.of(band("B04", "red", 0.665, red)),
            List.of(new MaskAsset(MaskKind.CLEAR, mask, 1)));

    // when
    byte[] quality;
    try (SceneReader reader = open(scene, NO_CHUNK_TESTS, new DecodeCounter(), RED)) {
      quality = reader.read(new PixelWindow(0, 0, 3, 1)).quality();
    }

    // then
    assertThat(quality).containsExactly(Quality.CLEAR, Quality.OTHER, Quality.CLEAR);
  }

  /** A scene whose whole red band is 0.05, below a mask that is made pixel by pixel at 60 m. */
  private SceneAvailable below(MaskKind kind, RasterType type, String name, RowSource source) {
    short[] numbers = new short[SIDE * SIDE];
    Arrays.fill(numbers, (short) 1500);
    String red = raster("red.tif", GRID, RasterType.UINT16, RowSource.ofShorts(SIDE, numbers));
    String[] names = kind == MaskKind.CLOUD_CLASSIFICATION ? THREE : ONE;
    int side = SIDE / 6;
    Grid coarse = new Grid("MASK", "EPSG:32633", 500_000.0, 5_000_000.0, 60.0, side, side);
    Path file = folder.resolve(name);
    CogWriter.write(
        file, coarse, new PixelWindow(0, 0, side, side), CogLayout.of(type, names), source);
    return scene(
        List.of(band("B04", "red", 0.665, red)), List.of(new MaskAsset(kind, file.toString(), 1)));
  }

  /** Pixels of the row that runs through the middle of a mask pixel: its column decides. */
  private static byte[] middle(SceneAvailable scene, int y) {
    try (SceneReader reader = open(scene, NO_CHUNK_TESTS, new DecodeCounter(), RED)) {
      return reader.read(new PixelWindow(0, y, SIDE, 1)).quality();
    }
  }

  /** Mask pixel {@code at} is columns 6 at .. 6 at + 5 of the grid; 40 m more is 4 columns. */
  private static void assertGrown(byte[] row, int at, int growth, byte code) {
    for (int x = 6 * at - 8; x < 6 * at + 14; x++) {
      boolean inside = x >= 6 * at - growth && x <= 6 * at + 5 + growth;
      assertThat(row[x]).as("column %d", x).isEqualTo(inside ? code : Quality.CLEAR);
    }
  }

  @Test
  void growsOpaqueCloudAndCirrusOfACloudClassificationLikeCloudAndSnowLikeSnow() {
    // given
    int side = SIDE / 6;
    byte[][] bands = new byte[3][side * side];
    bands[0][100 * side + 20] = 1;
    bands[1][100 * side + 60] = 1;
    bands[2][100 * side + 110] = 1;
    SceneAvailable scene =
        below(
            MaskKind.CLOUD_CLASSIFICATION,
            RasterType.UINT8,
            "MSK_CLASSI_B00.tif",
            RowSource.ofBytes(side, bands));

    // when
    byte[] row = middle(scene, 603);

    // then
    assertGrown(row, 20, 4, Quality.CLOUD);
    assertGrown(row, 60, 4, Quality.CLOUD);
    assertGrown(row, 110, 2, Quality.SNOW);
    assertThat(Quality.count(row, Quality.CLEAR)).isEqualTo(SIDE - 14 - 14 - 10);
    assertThat(readInWindows(scene, 137, 91, new DecodeCounter()))
        .as("however it is split")
        .isEqualTo(readInWindows(scene, SIDE, SIDE, new DecodeCounter()));
  }

  @Test
  void growsTheCloudsOfQa60AndOfACloudMask() {
    // given
    int side = SIDE / 6;
    short[] bits = new short[side * side];
    bits[100 * side + 20] = 1 << 10;
    bits[100 * side + 60] = 1 << 11;
    byte[] cloud = new byte[side * side];
    cloud[100 * side + 20] = 1;
    SceneAvailable qa60 =
        below(MaskKind.QA60, RasterType.UINT16, "QA60.tif", RowSource.ofShorts(side, bits));
    SceneAvailable mask =
        below(MaskKind.CLOUD, RasterType.UINT8, "CLM.tif", RowSource.ofBytes(side, cloud));

    // when
    byte[] byBits = middle(qa60, 603);
    byte[] byCloud = middle(mask, 603);

    // then
    assertGrown(byBits, 20, 4, Quality.CLOUD);
    assertGrown(byBits, 60, 4, Quality.CLOUD);
    assertThat(Quality.count(byBits, Quality.CLEAR)).isEqualTo(SIDE - 28);
    assertGrown(byCloud, 20, 4, Quality.CLOUD);
    assertThat(Quality.count(byCloud, Quality.CLEAR)).isEqualTo(SIDE - 14);
  }

  @Test
  void refusesACloudClassificationThatLacksABand() {
    int side = SIDE / 6;
    SceneAvailable one =
        below(
            MaskKind.CLOUD,
            RasterType.UINT8,
            "one.tif",
            RowSource.ofBytes(side, new byte[side * side]));
    MaskAsset claimed =
        new MaskAsset(MaskKind.CLOUD_CLASSIFICATION, one.getMasks().getFirst().getHref(), 1);
    SceneAvailable scene = scene(one.getBands(), List.of(claimed));

    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> open(scene, NO_CHUNK_TESTS, new DecodeCounter(), RED))
        .withMessageContaining("no band 2 among the 1")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.BAND_MISSING));
  }

  @Test
  void releasesItsFilesAndNativeMemory() throws Exception {
    // given
    short[] numbers = new short[SIDE * SIDE];
    Arrays.fill(numbers, (short) 1500);
    String red = raster("red.tif", GRID, RasterType.UINT16, RowSource.ofShorts(SIDE, numbers));
    SceneAvailable scene = scene(List.of(band("B04", "red", 0.665, red)), List.of());
    SceneAvailable halfMissing =
        scene(
            List.of(band("B04", "red", 0.665, red)),
            List.of(new MaskAsset(MaskKind.CLEAR, "/absent.tif", 1)));

    // when
    for (int i = 0; i < 300; i++) {
      try (SceneReader reader = open(scene, NO_CHUNK_TESTS, new DecodeCounter(), RED)) {
        reader.read(new PixelWindow(0, 0, 1, 1));
      }
      assertThatExceptionOfType(LandshiftException.class)
          .isThrownBy(() -> open(halfMissing, NO_CHUNK_TESTS, new DecodeCounter(), RED));
    }

    // then
    List<String> open = new ArrayList<>();
    Path descriptors = Path.of("/proc/self/fd");
    if (Files.isDirectory(descriptors)) {
      try (var links = Files.newDirectoryStream(descriptors)) {
        for (Path link : links) {
          if (Files.isSymbolicLink(link)) {
            open.add(Files.readSymbolicLink(link).toString());
          }
        }
      }
    }
    assertThat(open).doesNotContain(red);
  }
}
