package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.KnownBands;
import io.landshift.ingest.scenes.LocalGrid;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.Quality;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real series of the shared data, read the way a user would describe them. */
@Tag("it")
class RealSeriesIT {
  private static final BandRequest BLUE = new BandRequest("blue", 0.49, true);
  private static final BandRequest RED = new BandRequest("red", 0.665, true);
  private static final BandRequest NIR = new BandRequest("nir", 0.842, true);

  @TempDir Path folder;

  private static HarmonisedChunk read(
      SceneAvailable scene, MaskParameters parameters, BandRequest... bands) {
    try (SceneReader reader =
        SceneReader.open(
            scene, List.of(bands), parameters, RasterRules.anywhere(), new DecodeCounter())) {
      return reader.read(scene.getWindow());
    }
  }

  private static float median(float[] numbers) {
    float[] part = numbers.clone();
    Arrays.sort(part);
    int valid = 0;
    while (valid < part.length && !Float.isNaN(part[valid])) {
      valid++;
    }
    return part[valid / 2];
  }

  private Path copied(String scenes) throws IOException {
    try (Stream<Path> files = Files.list(SharedData.path(scenes))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".tif")).toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    return folder;
  }

  @Test
  void readsTheParanaSeriesByItsBandDescriptions() throws IOException {
    // given
    Path series = copied("demo/parana_s2_l2a/scenes");
    StringBuilder json =
        new StringBuilder(
            "{\"sensor\": \"sentinel-2-msi\", \"level\": \"L2A\", \"scale\": 0.0001, \"offset\":"
                + " -0.1, \"nodata\": 0, \"scenes\": [");
    try (Stream<Path> files = Files.list(series)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        String name = file.getFileName().toString();
        String date =
            name.substring(0, 4) + "-" + name.substring(4, 6) + "-" + name.substring(6, 8);
        json.append(json.toString().endsWith("[") ? "" : ", ");
        json.append("{\"file\": \"" + name + "\", \"date\": \"" + date + "\"}");
      }
    }
    SmallScenes.write(series.resolve("series.json"), json + "]}");

    // when
    Collected collected = Collected.of(Sources.of(series));

    // then
    assertThat(collected.failures).isEmpty();
    assertThat(collected.products())
        .hasSize(10)
        .isSorted()
        .startsWith("20230511")
        .endsWith("20251126");
    for (SceneAvailable scene : collected.scenes) {
      assertThat(scene.getBands()).as("QA60 is no band").hasSize(11);
      HarmonisedChunk chunk =
          read(scene, MaskParameters.DEFAULT, BLUE, NIR, new BandRequest("swir22", 2.19, true));
      int pixels = chunk.pixels();
      assertThat(median(chunk.band(0))).isBetween(0.02f, 0.13f);
      assertThat(median(chunk.band(1))).as("mostly river").isBetween(0.005f, 0.1f);
      // 0.9 % of the coarser bands' pixels have no data, which no band of 10 m says.
      assertThat(Quality.count(chunk.quality(), Quality.NODATA)).isLessThan(pixels / 20);
    }
  }

  @Test
  void readsLandsatCompositesInDegrees() throws IOException {
    // given
    Path series = copied("demo/pucallpa_landsat_1985_2020");
    SmallScenes.write(
        series.resolve("series.json"),
        """
        {"sensor": "landsat-tm", "scale": 0.00392156862745098, "nodata": 0,
         "bands": ["swir16", "nir", "red", "green"],
         "scenes": [{"file": "2020.tif", "date": "2020-07-01", "sensor": "landsat-oli"},
                    {"file": "1985.tif", "date": "1985-07-01"}]}
        """);

    // when
    Collected collected = Collected.of(Sources.of(series));

    // then
    assertThat(collected.failures).isEmpty();
    assertThat(collected.products())
        .as("the composites lie across the border of two cells")
        .containsExactly("1985", "1985", "2020", "2020");
    Grid grid = LocalGrid.ofFirst(collected.scenes);
    assertThat(grid.getCrs()).isEqualTo("EPSG:4326");
    assertThat(grid.getWidth()).isEqualTo(697);
    assertThat(grid.getHeight()).isEqualTo(377);
    List<SceneAvailable> local = LocalGrid.onto(grid, collected.scenes);
    assertThat(local).extracting(SceneAvailable::getProductId).containsExactly("1985", "2020");
    HarmonisedChunk chunk = read(local.getFirst(), MaskParameters.DEFAULT, RED, NIR);
    assertThat(median(chunk.band(1))).isGreaterThan(2 * median(chunk.band(0)));
    assertThat(Quality.count(chunk.quality(), Quality.CLEAR)).isGreaterThan(chunk.pixels() / 2);
  }

  @Test
  void readsBothDatesOfAPairOfOneFileOnTheGridOfTheFirst() {
    // given
    Path pair = SharedData.path("demo/inn_river_s2_pair/inference-img.tif");
    Grid grid = Grids.gridOf(Rasters.inspect(pair.toString(), RasterRules.anywhere()));
    Instant time = Instant.parse("2021-06-17T00:00:00Z");
    Sidecar before =
        Sidecar.of(KnownBands.SENTINEL_2, List.of("B04", "B03", "B02", "B08"), 1e-4, 0, 0.0, time);

    // when
    SceneAvailable scene =
        SidecarScenes.onGrid(pair, before, "before", grid, RasterRules.anywhere());
    HarmonisedChunk chunk = read(scene, MaskParameters.DEFAULT, RED, BLUE, NIR);

    // then
    int pixels = chunk.pixels();
    assertThat(pixels).isEqualTo(578 * 379);
    assertThat(grid.getCode()).isEqualTo("LOCAL");
    assertThat(median(chunk.band(2))).isBetween(0.2f, 0.5f);
    assertThat(median(chunk.band(0))).isBetween(0.02f, 0.15f);
    assertThat(Quality.count(chunk.quality(), Quality.NODATA)).isZero();
  }

  @Test
  void readsBareCodestreamsWhereTheItemSaysTheyLieAndMissesUnlinkedItems() {
    // given: the items state 10 m, the rasters are 120 m JPEG 2000 without a georeference
    Collected collected = Collected.of(Sources.of(SharedData.path("demo/zagreb_s2_stac_120m")));

    // when
    List<SceneAvailable> scenes = collected.scenes;

    // then
    assertThat(collected.reasons()).hasSize(7).containsOnly(FailureReason.ASSET_MISSING);
    assertThat(scenes).hasSize(3);
    assertThat(scenes)
        .allSatisfy(scene -> {
          assertThat(scene.getGrid().getCode()).isEqualTo("MGRS-33TWL-120m");
          assertThat(scene.getGrid().getPixelSize()).isEqualTo(120);
          assertThat(scene.getWindow().getWidth()).isEqualTo(915);
          assertThat(scene.getBands()).hasSize(4);
        });
    double[] clear = new double[3];
    for (int i = 0; i < 3; i++) {
      HarmonisedChunk chunk = read(scenes.get(i), MaskParameters.DEFAULT, RED, NIR);
      clear[i] = Quality.count(chunk.quality(), Quality.CLEAR) / (double) chunk.pixels();
      if (i > 0) {
        assertThat(median(chunk.band(0)))
            .as("the offset is applied already: forest is dark in red, but not black")
            .isBetween(0.015f, 0.12f);
      }
    }
    assertThat(clear[0]).as("57 %% cloud").isLessThan(0.45);
    assertThat(clear[1]).as("clear, 12.7 %% outside the swath").isBetween(0.7, 0.875);
    assertThat(clear[2]).as("clear").isGreaterThan(0.85);
  }

  @Test
  void bringsASeriesOntoTheGridOfItsFirstScene() {
    // given
    List<SceneAvailable> scenes =
        Collected.of(
                Sources.of(SharedData.path("demo/romania_s2_2015_2021/romania-forest-s2-l2a.zip")))
            .scenes;

    // when
    Grid grid = LocalGrid.ofFirst(scenes);
    List<SceneAvailable> local = LocalGrid.onto(grid, scenes);

    // then
    assertThat(grid.getWidth()).isEqualTo(100);
    assertThat(grid.getHeight()).isEqualTo(100);
    assertThat(local).hasSize(140);
    byte[] onCell = read(scenes.get(2), MaskParameters.DEFAULT, BLUE).quality();
    byte[] onLocal = read(local.get(2), MaskParameters.DEFAULT, BLUE).quality();
    assertThat(onLocal).isEqualTo(onCell).contains(Quality.CLEAR);
  }
}
