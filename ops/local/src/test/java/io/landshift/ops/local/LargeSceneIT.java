package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.ClusterOptions.StateBackend;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures, lateness and repetition leave no trace in files, detections and alerts. */
@Tag("it")
class KilledTaskManagerIT {
  /** Begins within a chunk, so that the large scene has 16 chunks, most of them whole. */
  private static final PixelWindow EXTENT = new PixelWindow(700, 500, 3072, 3072);

  private static final int CENTRE = 640;

  @TempDir Path folder;

  private record Run(
      Map<String, String> files,
      List<SceneOutcome> outcomes,
      List<Detection> detections,
      Map<String, Detection> alerts) {}

  @Test
  void aKilledTaskManagerAndLateAndRepeatedScenesChangeNothing() throws Exception {
    // given
    List<SceneAvailable> series =
        VirginiaScenes.make(folder.resolve("rasters"), EXTENT).series(CENTRE);

    // when
    Run quiet = quietly(series);
    Run disturbed = disturbed(series);

    // then: the series is worth comparing
    assertThat(quiet.outcomes()).hasSize(series.size());
    assertThat(quiet.outcomes())
        .allSatisfy(outcome -> assertThat(outcome.getResult()).isEqualTo(SceneResult.PROCESSED))
        .anySatisfy(outcome -> {
          assertThat(outcome.getCoverage().getPixels()).isEqualTo(3072L * 3072);
          assertThat(outcome.getChunks()).isEqualTo(16);
        });
    assertThat(Said.standing(quiet.detections()).values())
        .extracting(Detection::getScore)
        .contains("vegetation-loss", "generic");
    assertThat(Said.standing(quiet.detections()).values())
        .extracting(Detection::getStatus)
        .contains(DetectionStatus.CONFIRMED);
    assertThat(quiet.alerts()).isEqualTo(Said.standing(quiet.detections()));
    assertThat(quiet.files()).hasSizeGreaterThanOrEqualTo(series.size() * 6);

    // and: the two runs are equal, but for objects that stood only before the late scenes came
    assertThat(disturbed.files()).isEqualTo(quiet.files());
    assertThat(Said.standing(disturbed.detections())).isEqualTo(Said.standing(quiet.detections()));
    assertThat(disturbed.alerts()).isEqualTo(quiet.alerts());
    assertThat(Said.lastOutcomes(disturbed.outcomes()))
        .isEqualTo(Said.lastOutcomes(quiet.outcomes()));
    assertThat(Said.lastDetections(disturbed.detections()))
        .as("what the quiet run took back was taken back here too")
        .containsAllEntriesOf(Said.lastDetections(quiet.detections()));
    assertNothingTwice(disturbed.detections());
  }

  /** One slot, every scene after the one before it has its outcome. */
  private Run quietly(List<SceneAvailable> series) throws Exception {
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("quiet"), 1, StateBackend.HASHMAP)) {
      pipeline.announce(series);
      pipeline.awaitSettled(series.size());
      return run(pipeline);
    }
  }

  /** Two slots in two task managers, of which one is lost; scenes late and twice. */
  private Run disturbed(List<SceneAvailable> series) throws Exception {
    int[] arrival = {2, 0, 6, 1, 8, 3, 5, 4, 9, 7};
    List<SceneAvailable> scenes = new ArrayList<>();
    for (int place : arrival) {
      scenes.add(series.get(place));
      scenes.add(series.get(arrival[0]));
    }
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("disturbed"), 2, StateBackend.HASHMAP)) {
      pipeline.announce(scenes);
      String grid = series.getFirst().getGrid().getCode();
      Path fifth = features(pipeline, grid, "c000-r001");
      Path last = features(pipeline, grid, "c003-r003");
      pipeline.awaitUntil("the large scene is half read", () -> Files.exists(fifth));
      pipeline.cluster().killTaskManager(0);
      assertThat(last).as("the scene was in the middle when the task manager died").doesNotExist();
      pipeline.cluster().addTaskManager();
      pipeline.announce(series);
      pipeline.awaitSettled(series.size());
      return run(pipeline);
    }
  }

  private static Path features(PipelineUnderTest pipeline, String grid, String chunk) {
    return pipeline.store().resolve(grid).resolve(chunk).resolve("features");
  }

  private static Run run(PipelineUnderTest pipeline) throws Exception {
    assertThat(pipeline.deadLetters()).isEmpty();
    return new Run(
        Said.files(pipeline.products()),
        pipeline.outcomes(),
        pipeline.detections(),
        Said.standingAlerts(pipeline.alerts()));
  }

  /** An aborted transaction that became visible would repeat what was said before it. */
  private static void assertNothingTwice(List<Detection> detections) {
    Map<String, Detection> last = new java.util.HashMap<>();
    for (Detection detection : detections) {
      Detection timeless = Said.timeless(detection);
      assertThat(last.put(detection.getObjectId(), timeless)).isNotEqualTo(timeless);
    }
  }
}
