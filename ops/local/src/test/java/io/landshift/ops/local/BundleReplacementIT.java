package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.detection.BoundedDetection;
import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("it")
class BundleReplacementIT {
  private static final LocalDate FELLED = LocalDate.of(2020, 7, 1);
  private static final int FELLED_PIXEL = 5 * ForestScenes.SIDE + 5;
  private static final int STANDING_PIXEL = 40 * ForestScenes.SIDE + 40;

  @TempDir Path root;

  @Test
  void replacingOnlyTheBundleChangesMapScoreAndDigest() throws Exception {
    // given: three summers of forest, and in the next summer a corner is gone
    List<SceneAvailable> scenes =
        ForestScenes.write(
            Files.createDirectories(root.resolve("series")),
            FELLED,
            LocalDate.of(2017, 7, 5),
            LocalDate.of(2018, 7, 5),
            LocalDate.of(2018, 7, 15),
            LocalDate.of(2019, 7, 5),
            LocalDate.of(2019, 7, 15),
            LocalDate.of(2020, 7, 5),
            LocalDate.of(2020, 7, 15));
    String otherDigest = OtherBundle.write(root.resolve("bundle"));
    DetectionSettings settings =
        DetectionSettings.standard(root.resolve("store"), root.resolve("products"));

    // when: everything is the same but the bundle, the folders among it
    BoundedDetection.Results ours = BoundedDetection.run(scenes, settings, 1, outcome -> {});
    Map<Path, byte[]> before = products();
    BoundedDetection.Results others =
        BoundedDetection.run(
            scenes,
            settings.withModel(root.resolve("bundle").toString(), otherDigest),
            1,
            outcome -> {});

    // then: paths and digests
    SceneOutcome our = last(ours);
    SceneOutcome other = last(others);
    assertThat(our.getModelDigest()).isEqualTo(settings.modelDigest());
    assertThat(other.getModelDigest()).isEqualTo(otherDigest).isNotEqualTo(our.getModelDigest());
    assertThat(other.getProducts().keySet()).isEqualTo(our.getProducts().keySet()).hasSize(5);
    assertThat(other.getProducts().values())
        .doesNotContainAnyElementsOf(our.getProducts().values());
    assertThat(other.getItemHref()).isNotEqualTo(our.getItemHref());
    assertThat(before)
        .isNotEmpty()
        .allSatisfy((file, bytes) -> assertThat(file).hasBinaryContent(bytes));
    assertThat(Files.readString(Path.of(other.getItemHref()))).contains(otherDigest);

    // and the map: forest and bare ground there, one class for all here
    float[] ourCover = map(our, "land-cover");
    float[] otherCover = map(other, "land-cover");
    assertThat(ourCover[FELLED_PIXEL]).isNotEqualTo(ourCover[STANDING_PIXEL]);
    assertThat(otherCover).containsOnly(OtherBundle.CLASS);

    // and the scores: by the other bundle's formula, give or take the noise of the series
    double drop = ndvi(ForestScenes.FOREST) - ndvi(ForestScenes.BARE);
    double loss = OtherBundle.LOSS_PER_NDVI * drop;
    assertThat(score(other, "vegetation-loss", FELLED_PIXEL)).isCloseTo(loss, within(0.5));
    assertThat(score(other, "generic", FELLED_PIXEL)).isCloseTo(2 * loss, within(1.0));
    assertThat(score(other, "generic", STANDING_PIXEL)).isLessThan(0.5);
    assertThat(score(our, "vegetation-loss", FELLED_PIXEL))
        .isGreaterThan(4.5)
        .isNotCloseTo(loss, within(0.5));
    assertThat(others.detections())
        .isNotEmpty()
        .allSatisfy(detection -> assertThat(detection.getModelDigest()).isEqualTo(otherDigest));
  }

  private static SceneOutcome last(BoundedDetection.Results results) {
    assertThat(results.outcomes())
        .hasSize(7)
        .allSatisfy(outcome ->
            assertThat(outcome.getResult())
                .as(outcome.getMessage())
                .isEqualTo(SceneResult.PROCESSED));
    return results.outcomes().getLast();
  }

  private Map<Path, byte[]> products() throws Exception {
    Map<Path, byte[]> products = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root.resolve("products"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        products.put(file, Files.readAllBytes(file));
      }
    }
    return products;
  }

  private static double ndvi(int[] spectrum) {
    return (double) (spectrum[3] - spectrum[2]) / (spectrum[3] + spectrum[2]);
  }

  private static float[] map(SceneOutcome outcome, String name) {
    return Rasters.readAll(outcome.getProducts().get(name), 1, RasterRules.anywhere());
  }

  /** In lifecycle units. */
  private static double score(SceneOutcome outcome, String name, int pixel) {
    return map(outcome, name + "-score")[pixel] * 0.01;
  }
}
