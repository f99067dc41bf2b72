package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.DetectionSettings;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Radar scenes wait in a running system until a model is released that takes them; the system's
 * mask head is none of their business.
 */
@Tag("it")
class RadarReleaseIT {
  private static final int SIDE = 64;

  @TempDir Path root;

  /** Two looks in linear power, the second of which says that it is in decibels. */
  private List<SceneAvailable> radar() throws IOException {
    Path folder = Files.createDirectories(root.resolve("radar"));
    Random random = new Random(11);
    float[] vv = new float[SIDE * SIDE];
    float[] vh = new float[SIDE * SIDE];
    for (int i = 0; i < vv.length; i++) {
      vv[i] = i % SIDE < 8 ? 0 : 0.1f + 0.05f * random.nextFloat();
      vh[i] = i % SIDE < 8 ? 0 : 0.02f + 0.01f * random.nextFloat();
    }
    CogWriter.write(
        folder.resolve("look.tif"),
        new Grid("RASTER", "EPSG:32633", 512_000.0, 5_120_000.0, 10.0, SIDE, SIDE),
        new PixelWindow(0, 0, SIDE, SIDE),
        CogLayout.of(RasterType.FLOAT32, "VV", "VH"),
        RowSource.ofFloats(SIDE, vv, vh));
    Files.copy(folder.resolve("look.tif"), folder.resolve("wrong.tif"));
    Files.writeString(
        folder.resolve("series.json"),
        """
        {"sensor": "sentinel-1-sar", "platform": "sentinel-1a", "level": "RTC",
         "orbitDirection": "descending", "relativeOrbit": 80, "scenes": [
          {"file": "look.tif", "date": "2019-07-03T05:00:00Z", "unit": "power"},
          {"file": "wrong.tif", "date": "2019-07-04T05:00:00Z", "unit": "dB"}]}
        """);
    return ForestScenes.read(folder);
  }

  @Test
  void aRadarSceneIsProcessedOnceAModelTakesItAndIsReplayed() throws Exception {
    // given
    SceneAvailable forest =
        ForestScenes.write(
                Files.createDirectories(root.resolve("series")),
                LocalDate.MAX,
                LocalDate.of(2019, 7, 1))
            .getFirst();
    List<SceneAvailable> radar = radar();
    SceneAvailable look = radar.getFirst();
    SceneAvailable wrong = radar.getLast();
    Path bundle = root.resolve("bundle");
    String digest = OtherBundle.writeForRadar(bundle);
    DetectionSettings settings =
        DetectionSettings.standard(root.resolve("store"), root.resolve("products"))
            .withMaskModel(ClearMask.write(root.resolve("mask")));
    try (RunningStack stack = new RunningStack(root.resolve("state"), settings, forest)) {
      // when: no model takes it
      stack.announce(look);
      SceneOutcome waiting = stack.outcomeOf(look, 1);
      stack.processOne();

      // then
      assertThat(waiting.getResult()).isEqualTo(SceneResult.FAILED);
      assertThat(waiting.getReason()).isEqualTo(FailureReason.MODALITY_NOT_SERVED);
      DeadLetter letter =
          stack.letter(each -> each.getReason() == FailureReason.MODALITY_NOT_SERVED);
      assertThat(letter.getProductId()).isEqualTo(look.getProductId());

      // when: one does, and the letter is replayed
      stack.release(digest, bundle.toString());
      SceneOutcome refused = untilRefused(stack);
      String brokers = stack.stack().bootstrapServers();
      try (DeadLetterReplay replay =
          DeadLetterReplay.open(brokers, stack.stack().codec(), Clock.systemUTC())) {
        assertThat(replay.replay(0).done()).isTrue();
      }
      SceneOutcome processed = stack.outcomeOf(look, 2);
      stack.announce(wrong);
      SceneOutcome contradicted = stack.outcomeOf(wrong, 1);

      // then: an eighth is the fringe
      assertThat(processed.getResult()).as(processed.getMessage()).isEqualTo(SceneResult.PROCESSED);
      assertThat(processed.getModelDigest()).isEqualTo(digest);
      assertThat(processed.getCoverage().getNodata()).isEqualTo(SIDE * SIDE / 8);
      assertThat(processed.getCoverage().getClear()).isEqualTo(SIDE * SIDE * 7 / 8);
      assertThat(contradicted.getResult()).isEqualTo(SceneResult.QUARANTINED);
      assertThat(contradicted.getReason()).isEqualTo(FailureReason.RADIOMETRY_CONTRADICTED);
      assertThat(contradicted.getMessage()).contains("power");
      assertThat(refused.getReason())
          .as("the other way round")
          .isEqualTo(FailureReason.MODALITY_NOT_SERVED);
    }
  }

  /** A release comes by another topic: optical scenes pass until it has come. */
  private static SceneOutcome untilRefused(RunningStack stack) throws Exception {
    for (int i = 0; i < 200; i++) {
      SceneAvailable scene = stack.scene();
      stack.announce(scene);
      SceneOutcome outcome = stack.outcomeOf(scene, 1);
      if (outcome.getResult() != SceneResult.PROCESSED) {
        return outcome;
      }
    }
    throw new AssertionError("the release did not come into service");
  }
}
