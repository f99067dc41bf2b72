package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.detection.ClusterOptions.StateBackend;
import io.landshift.schemas.Detection;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A job that goes on from a savepoint or a checkpoint has lost nothing and says nothing twice. */
@Tag("it")
class RestartedJobIT {
  /** Two chunks by two, in parts. */
  private static final PixelWindow EXTENT = new PixelWindow(800, 820, 448, 448);

  @TempDir static Path folder;

  private static List<SceneAvailable> series;
  private static List<Detection> undisturbed;
  private static Map<String, String> files;
  private static Map<String, SceneOutcome> outcomes;

  @BeforeAll
  static void runUndisturbed() throws Exception {
    series = VirginiaScenes.make(folder.resolve("rasters"), EXTENT).series(448);
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("undisturbed"), 1, StateBackend.HASHMAP)) {
      pipeline.announce(series);
      pipeline.awaitSettled(series.size());
      undisturbed = timeless(pipeline.detections());
      files = Said.files(pipeline.products());
      outcomes = Said.lastOutcomes(pipeline.outcomes());
    }
    assertThat(undisturbed).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(StateBackend.class)
  void goesOnFromASavepoint(StateBackend backend) throws Exception {
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("savepoint-" + backend), 1, backend)) {
      // given
      pipeline.announce(series.subList(0, 7));
      pipeline.awaitUntil("four scenes are done", () -> pipeline.outcomes().size() >= 4);

      // when
      pipeline.restartFromSavepoint();
      pipeline.announce(series.subList(7, series.size()));
      pipeline.awaitSettled(series.size());

      // then
      assertSaidOnce(pipeline);
    }
  }

  @Test
  void goesOnFromTheLastCheckpointAfterACrash() throws Exception {
    try (PipelineUnderTest pipeline =
        new PipelineUnderTest(folder.resolve("crash"), 1, StateBackend.ROCKSDB)) {
      // given
      pipeline.announce(series);
      pipeline.awaitUntil("five scenes are done", () -> pipeline.outcomes().size() >= 5);

      // when
      pipeline.restart();
      pipeline.awaitUntil("eight scenes are done", () -> pipeline.outcomes().size() >= 8);
      pipeline.restart();
      pipeline.awaitSettled(series.size());

      // then
      assertSaidOnce(pipeline);
    }
    assertThat(adminClients()).as("clients that outlive the job").isEmpty();
  }

  private static List<String> adminClients() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("kafka-admin-client-thread"))
        .toList();
  }

  private static void assertSaidOnce(PipelineUnderTest pipeline) throws Exception {
    assertThat(pipeline.deadLetters()).isEmpty();
    Map<String, Long> counts =
        pipeline.outcomes().stream()
            .collect(Collectors.groupingBy(SceneOutcome::getProductId, Collectors.counting()));
    assertThat(counts)
        .hasSize(series.size())
        .allSatisfy((product, count) -> assertThat(count).as(product).isEqualTo(1));
    assertThat(Said.lastOutcomes(pipeline.outcomes())).isEqualTo(outcomes);
    assertThat(timeless(pipeline.detections())).containsExactlyInAnyOrderElementsOf(undisturbed);
    assertThat(Said.lastDetections(pipeline.detections()))
        .isEqualTo(Said.lastDetections(undisturbed));
    assertThat(Said.files(pipeline.products())).isEqualTo(files);
  }

  private static List<Detection> timeless(List<Detection> detections) {
    List<Detection> timeless = new ArrayList<>();
    detections.forEach(each -> timeless.add(Said.timeless(each)));
    return timeless;
  }
}
