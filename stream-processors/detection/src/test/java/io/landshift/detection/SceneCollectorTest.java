package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.change.GroundStep;
import io.landshift.change.Shift;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.PixelWindow;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SceneCollectorTest {
  private static final PixelWindow WINDOW = new PixelWindow(0, 0, 32, 16);
  private static final ScenePlan EARLY =
      Scenes.plan(Scenes.scene(LocalDate.of(2021, 7, 1), WINDOW), 16);
  private static final ScenePlan LATE =
      Scenes.plan(Scenes.scene(LocalDate.of(2021, 7, 6), WINDOW), 16);

  private KeyedTwoInputStreamOperatorTestHarness<String, EncodedScene, FoldedChunk, FoldedScene>
      collector;

  @BeforeEach
  void open() throws Exception {
    collector =
        ProcessFunctionTestHarnesses.forKeyedCoProcessFunction(
            new SceneCollector(),
            scene -> scene.plan().ref().gridCode(),
            chunk -> chunk.scene().gridCode(),
            Types.STRING);
    collector.setProcessingTime(1_000);
  }

  @AfterEach
  void close() throws Exception {
    collector.close();
  }

  private void encoded(ScenePlan plan) throws Exception {
    Coverage coverage = new Coverage(512L, 0L, 0L, 512L, 0L, 0L);
    FoldedScene.ReadReport report = new FoldedScene.ReadReport(coverage, 1, 1, 0, 0);
    collector.processElement1(new EncodedScene(plan, report, Instant.EPOCH), 0);
  }

  private void folded(ScenePlan plan, int column, String scores) throws Exception {
    Folded result =
        new Folded(
            "inputs",
            scores,
            "classes",
            "",
            WINDOW,
            List.of("status"),
            List.of("active"),
            List.of(),
            Shift.UNKNOWN,
            false,
            GroundStep.UNKNOWN,
            null,
            false,
            true,
            new Coverage(256L, 0L, 0L, 256L, 0L, 256L),
            List.of(),
            0);
    PixelWindow window = plan.windowOf(column, 0);
    collector.processElement2(new FoldedChunk(plan.ref(), column, 0, window, result, null), 0);
  }

  /** Product and the scores of its chunks, of every scene that was sent on. */
  private List<String> sent() {
    return collector.extractOutputValues().stream()
        .map(scene ->
            scene.plan().ref().productId()
                + scene.chunks().stream().map(chunk -> chunk.result().scores()).toList())
        .toList();
  }

  @Test
  void aSceneGoesOnOnceItsChunksAreThereInRowOrder() throws Exception {
    // when
    folded(EARLY, 1, "b");
    encoded(EARLY);
    assertThat(sent()).isEmpty();
    folded(EARLY, 0, "a");

    // then
    assertThat(sent()).containsExactly("S2A-2021-07-01[a, b]");
  }

  @Test
  void correctionsOfAMomentGoOnTogetherInSensingOrder() throws Exception {
    // given
    for (ScenePlan plan : List.of(LATE, EARLY)) {
      encoded(plan);
      folded(plan, 0, "a");
      folded(plan, 1, "b");
    }
    assertThat(sent()).hasSize(2);

    // when
    folded(LATE, 0, "a2");
    folded(EARLY, 1, "b2");
    folded(LATE, 1, "b2");
    assertThat(sent()).hasSize(2);
    collector.setProcessingTime(2_000);
    collector.setProcessingTime(9_000);

    // then
    assertThat(sent().subList(2, sent().size()))
        .containsExactly("S2A-2021-07-01[a, b2]", "S2A-2021-07-06[a2, b2]");
  }

  @Test
  void theEndOfTheInputWaitsForNobody() throws Exception {
    // given
    encoded(EARLY);
    folded(EARLY, 0, "a");
    folded(EARLY, 1, "b");
    folded(EARLY, 1, "b2");

    // when
    collector.processBothWatermarks(Watermark.MAX_WATERMARK);

    // then
    assertThat(sent()).containsExactly("S2A-2021-07-01[a, b]", "S2A-2021-07-01[a, b2]");
  }
}
