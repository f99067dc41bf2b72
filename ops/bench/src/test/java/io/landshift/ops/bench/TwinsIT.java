package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.HarmonisedChunk;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The made series, through the front door. */
@Tag("it")
class TwinsIT {
  private static final int PIXELS = 510;

  /** Around the one patch that a tile of this size has. */
  private static final PixelWindow WINDOW = new PixelWindow(180, 280, 60, 60);

  @TempDir private Path folder;

  @Test
  void givenTheTwins_whenReadAsScenes_thenTheSamePixelsAndThePlantedSoil() {
    // given
    List<SceneAvailable> cog = scenes(BenchSeries.Format.COG);
    List<SceneAvailable> safe = scenes(BenchSeries.Format.SAFE);

    // then: one product each, on the same ground, in the same order
    assertThat(safe)
        .extracting(SceneAvailable::getProductId)
        .isEqualTo(cog.stream().map(SceneAvailable::getProductId).toList())
        .hasSize(BenchSeries.Dates.FOUR.days().size());
    for (int date = 0; date < cog.size(); date++) {
      assertThat(safe.get(date).getGrid()).isEqualTo(cog.get(date).getGrid());
      assertThat(safe.get(date).getWindow())
          .isEqualTo(cog.get(date).getWindow())
          .isEqualTo(new PixelWindow(0, 0, PIXELS, PIXELS));
      assertThat(safe.get(date).getBands()).hasSize(7);
      assertThat(safe.get(date).getMasks())
          .singleElement()
          .satisfies(mask -> assertThat(mask.getKind()).isEqualTo(MaskKind.SCENE_CLASSIFICATION));
    }

    // and: bands of 10 m and of 20 m, and the mask, before the change and after
    for (int date : new int[] {0, 3}) {
      HarmonisedChunk expected = read(cog.get(date));
      HarmonisedChunk actual = read(safe.get(date));
      assertThat(actual.present()).hasSize(3).containsOnly(true);
      for (int band = 0; band < 3; band++) {
        assertThat(actual.band(band)).isEqualTo(expected.band(band));
      }
      assertThat(actual.quality()).isEqualTo(expected.quality());
    }

    // and: in the patch the red of soil, 0.15 but for noise of 0.0015 and an offset of 0.0021
    PlantedTruth.Patch patch =
        PlantedTruth.read(path(BenchSeries.Format.SAFE)).patches().getFirst();
    int inPatch = (patch.y() + 2 - 280) * 60 + patch.x() + 2 - 180;
    assertThat(read(safe.get(3)).band(0)[inPatch]).isCloseTo(0.15f, within(0.0037f));
    assertThat(read(safe.get(0)).band(0)[inPatch]).isLessThan(0.1f);
  }

  private List<SceneAvailable> scenes(BenchSeries.Format format) {
    try (SceneSource source = Sources.of(path(format))) {
      return source.scenes(failure -> {
        throw new AssertionError(failure);
      });
    }
  }

  /** Makes it the first time. */
  private Path path(BenchSeries.Format format) {
    return BenchSeries.make(
        Path.of("texture").toAbsolutePath(), folder, format, PIXELS, BenchSeries.Dates.FOUR);
  }

  private static HarmonisedChunk read(SceneAvailable scene) {
    try (SceneReader reader =
        SceneReader.open(
            scene,
            List.of(
                new BandRequest("red", 0.665, true),
                new BandRequest("nir", 0.842, true),
                new BandRequest("swir16", 1.61, true)),
            MaskParameters.DEFAULT.withMinimumClearShare(0),
            RasterRules.anywhere(),
            new DecodeCounter())) {
      return reader.read(WINDOW);
    }
  }
}
