package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Modality;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.wire.EventCodec;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Radar scenes among those of Sentinel-2, on one grid, with a model that takes no radar. */
@Tag("it")
class UnservedModalityIT {
  @TempDir Path root;

  private static SceneAvailable radar(String productId, String direction, int attempt) {
    BandAsset vv =
        BandAsset.newBuilder()
            .setName("VV")
            .setCommonName("vv")
            .setModality(Modality.RADAR)
            .setHref("/not/there/yet.tif")
            .setBackscatter(Backscatter.POWER)
            .build();
    SceneAvailable optical =
        SmallScenes.scene(productId, Instant.parse("2019-06-02T05:00:00Z"), "unused");
    return SceneAvailable.newBuilder(optical)
        .setSensor("sentinel-1-sar")
        .setBands(List.of(vv))
        .setOrbitDirection(direction)
        .setRelativeOrbit(44)
        .setAttempt(attempt)
        .build();
  }

  @Test
  void aRadarSceneIsToldOfKeptForLaterAndTakenUpAgainAndStopsNothing() throws Exception {
    // given
    Path forest = Files.createDirectories(root.resolve("rasters")).resolve("forest.tif");
    SmallScenes.forest(forest, SmallScenes.GRID, SmallScenes.WHOLE);
    SceneAvailable first = radar("S1-ascending", "ascending", 0);
    SceneAvailable replayed = radar("S1-ascending", "ascending", 1);
    List<SceneAvailable> scenes =
        List.of(
            SmallScenes.scene("before", Instant.parse("2019-06-01T10:00:00Z"), forest.toString()),
            first,
            first,
            radar("S1-descending", "descending", 0),
            replayed,
            SmallScenes.scene("after", Instant.parse("2019-06-03T10:00:00Z"), forest.toString()));
    DetectionSettings settings =
        DetectionSettings.standard(root.resolve("store"), root.resolve("products"))
            .withChunkSize(64)
            .withRasterRoots(List.of(root.resolve("rasters")));

    // when
    BoundedDetection.Results results = BoundedDetection.run(scenes, settings, 1, outcome -> {});

    // then
    assertThat(outcomes(results, "before"))
        .extracting(SceneOutcome::getResult)
        .containsExactly(SceneResult.PROCESSED);
    assertThat(outcomes(results, "after"))
        .extracting(SceneOutcome::getResult)
        .containsExactly(SceneResult.PROCESSED);
    assertThat(outcomes(results, "S1-descending")).hasSize(1);
    assertThat(outcomes(results, "S1-ascending"))
        .as("once as announced, once replayed")
        .hasSize(2)
        .allSatisfy(outcome -> {
          assertThat(outcome.getResult()).isEqualTo(SceneResult.FAILED);
          assertThat(outcome.getReason()).isEqualTo(FailureReason.MODALITY_NOT_SERVED);
          assertThat(outcome.getMessage())
              .contains("RADAR", "spectral-baseline", "OPTICAL", "dead-letters replay");
          assertThat(outcome.getChunks()).isZero();
          assertThat(outcome.getCoverage().getPixels())
              .isEqualTo((long) SmallScenes.SIDE * SmallScenes.SIDE);
        });
    assertThat(results.deadLetters())
        .hasSize(3)
        .allSatisfy(
            letter -> assertThat(letter.getReason()).isEqualTo(FailureReason.MODALITY_NOT_SERVED))
        .extracting(DeadLetter::getPayload)
        .as("all that is needed to announce them again")
        .contains(encoded(first), encoded(replayed));
  }

  private static ByteBuffer encoded(SceneAvailable scene) {
    return ByteBuffer.wrap(EventCodec.embedded().encode(scene));
  }

  private static List<SceneOutcome> outcomes(BoundedDetection.Results results, String product) {
    return results.outcomes().stream()
        .filter(outcome -> outcome.getProductId().equals(product))
        .toList();
  }
}
