package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.KnownBands;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.ingest.scenes.RadiometryCheck;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The offset that scenes state against their pixels: real scenes with the right offset, with none
 * taken off (+0.1), and with it taken off twice (-0.1).
 */
@Tag("it")
class RadiometryCheckIT {
  private static final Instant ANY_TIME = Instant.parse("2021-06-17T00:00:00Z");
  private static final RasterRules RULES = RasterRules.anywhere();

  /** Scenes, and of these how many are found to contradict their statement. */
  private record Found(int scenes, int tooHigh, int tooLow) {}

  /** With the right offset, with none taken off, and with it taken off twice. */
  private static List<Found> judged(List<SceneAvailable> scenes) {
    return List.of(judge(scenes, 0), judge(scenes, 0.1), judge(scenes, -0.1));
  }

  private static Found judge(List<SceneAvailable> scenes, double wrong) {
    List<RadiometryCheck.Contradiction> found =
        scenes.parallelStream().flatMap(scene -> judge(shifted(scene, wrong)).stream()).toList();
    int tooHigh = (int) found.stream().filter(RadiometryCheck.Contradiction::tooHigh).count();
    return new Found(scenes.size(), tooHigh, found.size() - tooHigh);
  }

  private static SceneAvailable shifted(SceneAvailable scene, double wrong) {
    SceneAvailable copy = SceneAvailable.newBuilder(scene).build();
    for (BandAsset band : copy.getBands()) {
      band.setOffset(band.getOffset() + wrong);
    }
    return copy;
  }

  private static Optional<RadiometryCheck.Contradiction> judge(SceneAvailable scene) {
    List<BandRequest> bands =
        List.of(
            new BandRequest("blue", 0.49, true),
            new BandRequest("green", 0.56, true),
            new BandRequest("red", 0.665, true),
            new BandRequest("nir", 0.842, true),
            new BandRequest("swir16", 1.61, false));
    try (SceneReader reader =
        SceneReader.open(scene, bands, MaskParameters.DEFAULT, RULES, new DecodeCounter())) {
      HarmonisedChunk chunk = reader.read(scene.getWindow());
      PixelEvidence evidence =
          PixelEvidence.of(
              chunk.quality(),
              chunk.band(0),
              chunk.band(1),
              chunk.band(2),
              chunk.band(3),
              chunk.bands()[4]);
      return RadiometryCheck.of(scene, evidence);
    }
  }

  private static String id(Path file) {
    return file.getFileName().toString().replace(".tif", "");
  }

  private static List<SceneAvailable> rasters(Stream<Path> files, double offset, String... bands) {
    Sidecar sidecar =
        Sidecar.of(KnownBands.SENTINEL_2, Arrays.asList(bands), 1e-4, offset, 0.0, ANY_TIME);
    List<SceneAvailable> scenes = new ArrayList<>();
    for (Path file : files.filter(each -> each.toString().endsWith(".tif")).sorted().toList()) {
      Grid grid = Grids.gridOf(Rasters.inspect(file.toString(), RULES));
      scenes.add(SidecarScenes.onGrid(file, sidecar, id(file), grid, RULES));
    }
    return scenes;
  }

  @Test
  void offsetOfTheDemoSeriesIsCheckedAgainstItsPixels() {
    // given: 59 of 140 dates are mostly cloud or snow
    List<SceneAvailable> scenes =
        Collected.of(
                Sources.of(SharedData.path("demo/romania_s2_2015_2021/romania-forest-s2-l2a.zip")))
            .scenes;

    // when, then
    assertThat(judged(scenes))
        .containsExactly(new Found(140, 0, 0), new Found(140, 85, 0), new Found(140, 0, 85));
  }

  /** The items state an offset of -0.1 and, rightly, that it is applied already. */
  @Test
  void boaOffsetAppliedIsVerifiedByThePixelsAndNotByTheFlag() {
    // given
    List<SceneAvailable> scenes =
        Collected.of(Sources.of(SharedData.path("demo/zagreb_s2_stac_120m"))).scenes;

    // when, then
    assertThat(judged(scenes))
        .containsExactly(new Found(3, 0, 0), new Found(3, 2, 0), new Found(3, 0, 2));
  }

  @Test
  void offsetLeftInTheNumbersOfAWholeRiverSceneIsFound() throws IOException {
    // given
    String[] bands = {"B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12"};
    List<SceneAvailable> scenes;
    try (Stream<Path> files = Files.list(SharedData.path("demo/parana_s2_l2a/scenes"))) {
      scenes = rasters(files, -0.1, bands);
    }

    // when, then
    assertThat(judged(scenes))
        .containsExactly(new Found(10, 0, 0), new Found(10, 10, 0), new Found(10, 0, 10));
  }

  @Test
  void offsetIsFoundWithoutShortWaveInfrared() throws IOException {
    // given
    Path pair = SharedData.path("demo/inn_river_s2_pair/inference-img.tif");
    List<SceneAvailable> scenes = new ArrayList<>();
    scenes.addAll(rasters(Stream.of(pair), 0, "B04", "B03", "B02", "B08"));
    scenes.addAll(
        rasters(Stream.of(pair), 0, "B01", "B05", "B06", "B07", "B04", "B03", "B02", "B08"));

    // when, then
    assertThat(judged(scenes))
        .containsExactly(new Found(2, 0, 0), new Found(2, 2, 0), new Found(2, 0, 2));
  }

  @Test
  void offsetOfSmallCropsOfForestIsFound() throws IOException {
    // given
    String[] bands = {
      "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12"
    };
    List<SceneAvailable> scenes = new ArrayList<>();
    for (String year : List.of("2019-09", "2020-09")) {
      Path folder = SharedData.path("training/bark_beetle_train").resolve(year);
      try (Stream<Path> files = Files.list(folder)) {
        scenes.addAll(rasters(files, 0, bands));
      }
    }

    // when, then
    assertThat(judged(scenes))
        .containsExactly(new Found(320, 0, 0), new Found(320, 314, 0), new Found(320, 0, 260));
  }

  /** The air scatters blue light: at the top of the atmosphere nothing is black in blue. */
  @Test
  void topOfAtmosphereIsJudgedByItsOwnDarkPixels() {
    // given
    Path folder = SharedData.path("bench/virginia_s2_l1c");
    Grid grid = Grids.gridOf(Rasters.inspect(folder.resolve("B04.tif").toString(), RULES));
    SceneAvailable scene = null;
    for (String band : List.of("B02", "B03", "B04", "B08", "B11")) {
      Sidecar sidecar = Sidecar.of(KnownBands.SENTINEL_2, List.of(band), 1e-4, 0, 0.0, ANY_TIME);
      SceneAvailable one =
          SidecarScenes.onGrid(folder.resolve(band + ".tif"), sidecar, "virginia", grid, RULES);
      if (scene == null) {
        scene = SceneAvailable.newBuilder(one).setProcessingLevel("L1C").build();
      } else {
        scene.getBands().addAll(one.getBands());
      }
    }
    List<SceneAvailable> scenes = List.of(scene);

    // when, then
    assertThat(judged(scenes))
        .containsExactly(new Found(1, 0, 0), new Found(1, 1, 0), new Found(1, 0, 1));
  }
}
