package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.BoundedDetection;
import io.landshift.detection.ClusterOptions.StateBackend;
import io.landshift.detection.DetectionSettings;
import io.landshift.ops.local.VirginiaScenes.Day;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A scene of 3,072 x 3,072 pixels: its blocks are decoded once, and failures, lateness and
 * repetition leave no trace in files, detections and alerts.
 */
@Tag("it")
class LargeSceneIT {
  /** Begins within a chunk, so that the large scene has 16 chunks, most of them whole. */
  private static final PixelWindow EXTENT = new PixelWindow(700, 500, 3072, 3072);

  private static final int CENTRE = 640;

  /** 36 blocks of 512 x 512 pixels in each of six bands and one mask, from the rasters' corner. */
  private static final long BLOCKS = 36 * 7;

  @TempDir static Path folder;

  private static VirginiaScenes scenes;

  @BeforeAll
  static void makeRasters() {
    scenes = VirginiaScenes.make(folder.resolve("rasters"), EXTENT);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyBlockIsDecodedOnce(boolean chunksBeginWhereBlocksDo) {
    // given
    VirginiaScenes placed = chunksBeginWhereBlocksDo ? scenes.aligned() : scenes;
    SceneAvailable scene =
        placed.scene(LocalDate.of(2021, 7, 12), placed.extent(), Day.clear(1, 0.001).underCloud());
    DetectionSettings settings =
        DetectionSettings.standard(
                folder.resolve("store-" + chunksBeginWhereBlocksDo), folder.resolve("no-products"))
            .withProducts(Set.of());

    // when
    BoundedDetection.Results results =
        BoundedDetection.run(List.of(scene), settings, 2, outcome -> {});

    // then
    assertThat(results.outcomes())
        .singleElement()
        .satisfies(outcome -> {
          assertThat(outcome.getChunks()).isEqualTo(chunksBeginWhereBlocksDo ? 9 : 16);
          assertThat(outcome.getBlocksDistinct()).isEqualTo(BLOCKS);
          assertThat(outcome.getBlocksDecoded()).isBetween(BLOCKS, (long) (BLOCKS * 1.1));
        });
  }

  private record Run(
      Map<String, String> files,
      List<SceneOutcome> outcomes,
      List<Detection> detections,
      Map<String, Detection> alerts) {}

  @Test
  void aKilledTaskManagerAndLateAndRepeatedScenesChangeNothing() throws Exception {
    // given
    List<SceneAvailable> series = scenes.series(CENTRE);

    // when
    Run quiet = quietly(series);
    Run disturbed = disturbed(series, quiet);

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
  private Run disturbed(List<SceneAvailable> series, Run quiet) throws Exception {
    int[] arrival = {2, 0, 6, 1, 8, 3, 5, 4, 9, 7};
    List<SceneAvailable> late = new ArrayList<>();
    for (int place : arrival) {
      late.add(series.get(place));
      late.add(series.get(arrival[0]));
    }
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("disturbed"), 2, StateBackend.HASHMAP)) {
      pipeline.announce(late);
      String grid = series.getFirst().getGrid().getCode();
      Path fifth = features(pipeline, grid, "c000-r001");
      Path last = features(pipeline, grid, "c003-r003");
      pipeline.awaitUntil("the large scene is half read", () -> Files.exists(fifth));
      long checkpoint = lastCheckpoint(pipeline);
      pipeline.awaitUntil(
          "a checkpoint that does not wait for the scene",
          () -> lastCheckpoint(pipeline) > checkpoint);
      pipeline.cluster().killTaskManager(0);
      assertThat(last).as("the scene was in the middle when the task manager died").doesNotExist();
      pipeline.cluster().addTaskManager();
      pipeline.announce(series);
      pipeline.awaitSettled(series.size());
      assertThat(pipeline.cluster().restarts()).as("restarts").isPositive();
      // On a busy machine, quiet may have been a pause before the next correction.
      pipeline.listenUntil(Duration.ofSeconds(90), () -> isAs(quiet, pipeline));
      return run(pipeline);
    }
  }

  private static long lastCheckpoint(PipelineUnderTest pipeline) {
    try {
      return pipeline.cluster().lastCheckpoint().id();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isAs(Run quiet, PipelineUnderTest pipeline) {
    try {
      return Said.files(pipeline.products()).equals(quiet.files())
          && Said.standingAlerts(pipeline.alerts()).equals(quiet.alerts())
          && Said.lastOutcomes(pipeline.outcomes()).equals(Said.lastOutcomes(quiet.outcomes()));
    } catch (IOException | UncheckedIOException e) {
      return false; // A file went while it was read.
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
    Map<String, Detection> last = new HashMap<>();
    for (Detection detection : detections) {
      Detection timeless = Said.timeless(detection);
      assertThat(last.put(detection.getObjectId(), timeless)).isNotEqualTo(timeless);
    }
  }
}
