package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.Quality;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskManifest.MaskBand;
import io.landshift.model.bundle.MaskManifest.MaskClass;
import io.landshift.model.bundle.MaskManifest.Values;
import io.landshift.model.bundle.MaskMeaning;
import io.landshift.model.bundle.MaskWindows;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.MaskSession;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mask head sees of a scene depends on the scene and the grid, and on nothing else. */
@Tag("it")
class MaskReadingIT {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final Grid GRID =
      new Grid("T33TWL", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, 1700, 1600);
  private static final PixelWindow SCENE = new PixelWindow(37, 41, 1511, 1423);
  private static final MaskWindows WINDOWS = new MaskWindows(64, 14);
  private static final MaskParameters MASK =
      MaskParameters.DEFAULT.withHazeTest(false).withMinimumClearShare(0);

  @TempDir static Path folder;

  private static short[][] planes;
  private static SceneAvailable scene;

  @BeforeAll
  static void makeScene() {
    System.out.println("-Dseed=" + SEED);
    Random random = new Random(SEED);
    planes = new short[2][Windows.pixels(SCENE)];
    for (short[] plane : planes) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = (short) (1 + random.nextInt(10_000));
      }
    }
    // A hole in both bands and one in the second only.
    for (int y = 300; y < 500; y++) {
      Arrays.fill(planes[0], y * SCENE.getWidth() + 100, y * SCENE.getWidth() + 900, (short) 0);
      Arrays.fill(planes[1], y * SCENE.getWidth() + 100, y * SCENE.getWidth() + 950, (short) 0);
    }
    Path file = folder.resolve("scene.tif");
    CogWriter.write(
        file,
        GRID,
        SCENE,
        CogLayout.of(RasterType.UINT16, "B04", "B08").withNodata(0),
        RowSource.ofShorts(SCENE.getWidth(), planes));
    scene =
        SceneAvailable.newBuilder()
            .setGrid(GRID)
            .setWindow(SCENE)
            .setSensor("sentinel-2-msi")
            .setProductId("S2A_20190820")
            .setSensingTime(Instant.parse("2019-08-20T09:00:00Z"))
            .setBands(
                List.of(band("B04", "red", 0.665, file, 1), band("B08", "nir", 0.842, file, 2)))
            .setMasks(List.of())
            .setAnnouncedAt(Instant.parse("2024-01-01T00:00:00Z"))
            .build();
  }

  private static BandAsset band(String name, String common, double wavelength, Path file, int n) {
    return new BandAsset(
        name, common, wavelength, Modality.OPTICAL, file.toString(), n, 1e-4, 0.0, 0.0, null);
  }

  private static MaskManifest manifest(double pixelMetres) {
    return new MaskManifest(
        "test",
        "For tests.",
        "none",
        "Apache-2.0",
        "made by the test",
        "input",
        "output",
        Values.LOGITS,
        List.of(new MaskBand("nir", 0.842, 0, 1), new MaskBand("red", 0.665, 0, 1)),
        List.of(
            new MaskClass("ground", MaskMeaning.CLEAR),
            new MaskClass("cloud", MaskMeaning.CLOUD),
            new MaskClass("shadow", MaskMeaning.SHADOW),
            new MaskClass("snow", MaskMeaning.SNOW)),
        WINDOWS,
        pixelMetres,
        0,
        0,
        17);
  }

  /** What one pass over a scene did. */
  private record Pass(
      Map<MaskTask.Place, float[]> windows, byte[] quality, DecodeCounter counter) {}

  /** Reads all chunks, "runs" each window with a rule of this test, and applies the opinion. */
  private static Pass pass(double pixelMetres, int chunkSize, boolean backwards) {
    ScenePlan plan = new ScenePlan(scene, chunkSize, "digest", "href", Instant.EPOCH);
    List<ChunkTask> chunks = new ArrayList<>(plan.chunks());
    if (backwards) {
      Collections.reverse(chunks);
    }
    DecodeCounter counter = new DecodeCounter();
    Map<MaskTask.Place, float[]> windows = new HashMap<>();
    byte[] quality = new byte[Windows.pixels(SCENE)];
    MaskManifest manifest = manifest(pixelMetres);
    List<BandRequest> red = List.of(new BandRequest("red", 0.665, true));
    try (SceneReader reader =
        SceneReader.open(
            scene,
            red,
            BandPlan.of(manifest, scene).requests(),
            MASK,
            RasterRules.anywhere(),
            counter)) {
      MaskReading reading = new MaskReading(manifest, reader, SCENE, MASK);
      for (ChunkTask chunk : chunks) {
        byte[] seen = reader.read(chunk.window()).quality();
        MaskTask task = reading.read(chunk.window(), chunk.window());
        for (int i = 0; i < task.toRun().size(); i++) {
          task.running().get(i).complete(opinion(task.toRun().get(i)));
        }
        task.needed()
            .forEach((place, result) -> {
              int at = task.running().indexOf(result);
              if (at >= 0) {
                windows.put(place, task.toRun().get(at));
              }
            });
        byte[] judged = task.applied(seen, chunk.window());
        Windows.copyRows(
            chunk.window(),
            SCENE,
            (from, to, length) -> System.arraycopy(judged, from, quality, to, length));
      }
    }
    return new Pass(windows, quality, counter);
  }

  /** Not a network, but as dependent on what a window holds: classes by the value of a cell. */
  private static short[] opinion(float[] window) {
    int cells = WINDOWS.size() * WINDOWS.size();
    short[] result = new short[4 * cells];
    float first = Float.isNaN(window[0]) ? 0 : window[0];
    for (int cell = 0; cell < cells; cell++) {
      boolean missing = Float.isNaN(window[cell]) || Float.isNaN(window[cells + cell]);
      int kind = (int) (40 * (window[cell] + window[cells + cell] + first)) % 60;
      for (int channel = 0; channel < 4; channel++) {
        int share =
            channel == 0 || kind == channel ? MaskSession.STEPS / 2 + (channel == 0 ? 0 : 1) : 0;
        result[channel * cells + cell] = missing ? MaskSession.NOT_VALID : (short) share;
      }
    }
    return result;
  }

  @ParameterizedTest
  @CsvSource({"30, 512", "10, 512", "25, 1024", "0, 256"})
  void windowsAreAnchoredToTheGridAndHoldTheMeansOfTheirPixels(double metres, int chunkSize) {
    // given
    int factor = metres == 0 ? 1 : (int) Math.round(metres / 10);
    PixelRegion cells = MaskReading.cells(SCENE, factor);

    // when
    Pass pass = pass(metres, chunkSize, false);

    // then: each window by brute force from the pixels that were written
    assertThat(pass.windows()).isNotEmpty();
    pass.windows()
        .forEach((place, window) -> {
          Random random = new Random(place.hashCode());
          for (int sample = 0; sample < 300; sample++) {
            int down = random.nextInt(WINDOWS.size());
            int across = random.nextInt(WINDOWS.size());
            int y = mirrored(WINDOWS.start(place.row()) + down, cells.y(), cells.bottom());
            int x = mirrored(WINDOWS.start(place.column()) + across, cells.x(), cells.right());
            int at = down * WINDOWS.size() + across;
            assertThat(window[at]).isEqualTo(Float.valueOf(mean(1, x, y, factor)));
            assertThat(window[WINDOWS.size() * WINDOWS.size() + at])
                .isEqualTo(Float.valueOf(mean(0, x, y, factor)));
          }
        });
  }

  private static int mirrored(int position, int low, int high) {
    int at = position;
    while (at < low || at >= high) {
      at = at < low ? 2 * low - 1 - at : 2 * high - 1 - at;
    }
    return at;
  }

  private static float mean(int band, int cellX, int cellY, int factor) {
    long sum = 0;
    int count = 0;
    for (int y = cellY * factor; y < (cellY + 1) * factor; y++) {
      for (int x = cellX * factor; x < (cellX + 1) * factor; x++) {
        int row = y - SCENE.getY();
        int column = x - SCENE.getX();
        if (row >= 0 && row < SCENE.getHeight() && column >= 0 && column < SCENE.getWidth()) {
          int value = planes[band][row * SCENE.getWidth() + column];
          sum += value;
          count += value == 0 ? 0 : 1;
        }
      }
    }
    return count == 0 ? Float.NaN : (float) (sum / (count * 1e4));
  }

  @ParameterizedTest
  @CsvSource({"30, 512", "30, 256", "30, 1024", "10, 512", "10, 240"})
  void neitherTheSizeOfChunksNorTheirOrderChangesTheOpinionAndNoBlockIsDecodedTwice(
      double metres, int chunkSize) {
    // given: the whole scene as one chunk
    Pass whole = pass(metres, 2048, false);

    // when
    Pass parts = pass(metres, chunkSize, false);
    Pass backwards = pass(metres, chunkSize, true);

    // then
    Set<Byte> codes = new HashSet<>();
    for (byte code : whole.quality()) {
      codes.add(code);
    }
    assertThat(codes)
        .contains(Quality.NODATA, Quality.CLEAR, Quality.CLOUD, Quality.SHADOW, Quality.SNOW);
    assertThat(parts.quality()).isEqualTo(whole.quality());
    assertThat(backwards.quality()).isEqualTo(whole.quality());
    assertThat(whole.counter().distinct()).isGreaterThan(8);
    assertThat(parts.counter().decoded()).isEqualTo(parts.counter().distinct());
  }

  @Test
  void whatOnlyTheDetectorsBandsSeeIsNotCalledClear() {
    // when: the head's near infrared has no data at columns 900..949, red has
    Pass pass = pass(10, 512, false);

    // then
    for (int y = 310; y < 490; y++) {
      for (int x = 905; x < 945; x++) {
        assertThat(pass.quality()[y * SCENE.getWidth() + x]).isNotEqualTo(Quality.CLEAR);
      }
    }
  }
}
