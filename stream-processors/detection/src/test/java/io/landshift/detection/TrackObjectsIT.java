package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.change.ActivePixels;
import io.landshift.change.ChunkWindow;
import io.landshift.change.GroundStep;
import io.landshift.change.Lifecycle;
import io.landshift.change.LifecycleParameters;
import io.landshift.change.LifecycleStatus;
import io.landshift.change.Shift;
import io.landshift.change.TrackerParameters;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.Detection;
import io.landshift.schemas.DetectionStatus;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import io.landshift.schemas.StageTimes;
import io.landshift.store.ChunkKey;
import io.landshift.store.LocalPixelStore;
import io.landshift.store.PixelKind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the world knows last of an object does not depend on when the scenes arrived. */
@Tag("it")
class TrackObjectsIT {
  private static final PixelWindow WINDOW = new PixelWindow(0, 0, 16, 16);
  private static final StageTimes TIMES =
      new StageTimes(Instant.EPOCH, null, null, null, null, null);

  @TempDir Path folder;

  /** A scene of a day of July on which the first so many columns of a row are active. */
  private AssembledScene scene(int day, int row, int columns) {
    ScenePlan plan = Scenes.plan(Scenes.scene(LocalDate.of(2021, 7, day), WINDOW), 16);
    LocalPixelStore store = new LocalPixelStore(folder.resolve("store"));
    ChunkKey key = new ChunkKey(plan.ref().gridCode(), 0, 0);
    String disturbed = store.put(key, PixelKind.ACTIVE, active(row, columns).toBytes());
    String nothing = store.put(key, PixelKind.ACTIVE, ActivePixels.EMPTY.toBytes());
    Coverage coverage = new Coverage(256L, 0L, 0L, 256L, 0L, 256L);
    Folded folded =
        new Folded(
            "inputs",
            "scores",
            "classes",
            "",
            WINDOW,
            List.of("status", "status"),
            List.of(disturbed, nothing),
            List.of(),
            Shift.UNKNOWN,
            false,
            GroundStep.UNKNOWN,
            null,
            false,
            true,
            coverage,
            List.of(),
            0);
    SceneOutcome outcome =
        SceneOutcome.newBuilder()
            .setGridCode(plan.ref().gridCode())
            .setProductId(plan.ref().productId())
            .setSensingTime(plan.ref().sensingTime())
            .setResult(SceneResult.PROCESSED)
            .setCoverage(coverage)
            .setModelDigest(plan.modelDigest())
            .setTimes(TIMES)
            .build();
    List<FoldedChunk> chunks = List.of(new FoldedChunk(plan.ref(), 0, 0, WINDOW, folded, null));
    return new AssembledScene(plan, chunks, outcome, null, null);
  }

  private static ActivePixels active(int row, int columns) {
    float[] metric = new float[256];
    Arrays.fill(metric, row * 16, row * 16 + columns, 10f);
    LifecycleParameters parameters = LifecycleParameters.defaults().withThresholds(2.5f, 4.5f);
    LifecycleStatus twice =
        Lifecycle.fold(Lifecycle.first(metric, 2000, parameters), metric, 2001, parameters);
    byte[] unknown = new byte[256];
    Arrays.fill(unknown, ActivePixels.NO_CLASS);
    return ActivePixels.collect(
        twice,
        new ChunkWindow(0, 0, 16, 16),
        new short[256],
        unknown,
        unknown,
        ActivePixels.From.PROVISIONAL);
  }

  private KeyedOneInputStreamOperatorTestHarness<String, AssembledScene, Detection> tracker()
      throws Exception {
    DetectionSettings settings =
        DetectionSettings.standard(folder.resolve("store"), folder.resolve("products"));
    assertThat(settings.tracker()).isEqualTo(new TrackerParameters(5, 120));
    KeyedOneInputStreamOperatorTestHarness<String, AssembledScene, Detection> tracker =
        ProcessFunctionTestHarnesses.forKeyedProcessFunction(
            new TrackObjects(settings), scene -> scene.plan().ref().gridCode(), Types.STRING);
    return tracker;
  }

  private List<Detection> told(AssembledScene... scenes) throws Exception {
    try (var tracker = tracker()) {
      for (AssembledScene scene : scenes) {
        tracker.processElement(scene, 0);
      }
      return tracker.extractOutputValues();
    }
  }

  private static Map<String, Detection> last(List<Detection> detections) {
    Map<String, Detection> last = new TreeMap<>();
    detections.forEach(
        each -> last.put(each.getObjectId(), Detection.newBuilder(each).setTimes(TIMES).build()));
    return last;
  }

  @Test
  void aSceneThatIsSeenTwiceIsToldOnce() throws Exception {
    // when
    List<Detection> told = told(scene(1, 3, 6), scene(1, 3, 6));

    // then
    assertThat(told)
        .singleElement()
        .satisfies(detection -> {
          assertThat(detection.getStatus()).isEqualTo(DetectionStatus.PROVISIONAL);
          assertThat(detection.getAreaM2()).isEqualTo(600);
        });
  }

  @Test
  void anOlderStateIsToldAgainWhereALateSceneUndoesALaterChange() throws Exception {
    // given: the object grew on the 11th, which the late scene of the 6th then takes back
    List<Detection> inOrder = told(scene(1, 3, 6), scene(6, 3, 6), scene(11, 3, 6));

    // when
    List<Detection> late = told(scene(1, 3, 6), scene(11, 3, 9), scene(6, 3, 6), scene(11, 3, 6));

    // then
    assertThat(late).extracting(Detection::getAreaM2).contains(900.0);
    assertThat(last(late)).isEqualTo(last(inOrder));
    assertThat(last(late).values()).extracting(Detection::getAreaM2).containsExactly(600.0);
  }

  @Test
  void anObjectThatALateSceneEndsIsTakenBackAsItEnded() throws Exception {
    // given
    List<Detection> inOrder = told(scene(1, 3, 6), scene(6, 0, 0), scene(11, 0, 0));

    // when
    List<Detection> late = told(scene(1, 3, 6), scene(11, 3, 9), scene(6, 0, 0), scene(11, 0, 0));

    // then: and what was born on the 11th meanwhile is taken back, too
    assertThat(last(late)).containsAllEntriesOf(last(inOrder));
    assertThat(last(late).values())
        .extracting(Detection::getStatus)
        .containsOnly(DetectionStatus.RETRACTED);
  }

  @Test
  void aReplayOfTheFirstSceneTellsNothingAgainThatHasEnded() throws Exception {
    // given
    AssembledScene first = scene(1, 3, 6);
    AssembledScene replayed = scene(1, 3, 6);
    replayed.plan().scene().setAttempt(1);

    // when
    List<Detection> told = told(first, scene(11, 0, 0), scene(16, 0, 0), replayed);

    // then
    assertThat(told)
        .extracting(Detection::getStatus)
        .containsExactly(DetectionStatus.PROVISIONAL, DetectionStatus.RETRACTED);
  }
}
