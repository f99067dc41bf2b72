package io.landshift.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.ingest.scenes.Quality;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.SceneResult;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SceneGateTest {
  private static final ScenePlan PLAN = Scenes.plan(new PixelWindow(8, 8, 32, 16), 16);

  private KeyedOneInputStreamOperatorTestHarness<String, EncodedChunk, EncodedChunk> gate;

  @BeforeEach
  void open() throws Exception {
    gate = harness();
    gate.open();
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, EncodedChunk, EncodedChunk>
      harness() throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new SceneGate()),
        chunk -> chunk.plan().ref().gridCode(),
        Types.STRING);
  }

  @AfterEach
  void close() throws Exception {
    gate.close();
  }

  private static EncodedChunk chunk(ChunkTask task, Coverage coverage) {
    return new EncodedChunk(
        task.plan(),
        task.column(),
        task.row(),
        task.window(),
        "encoder",
        "features",
        "quality",
        new boolean[] {true},
        coverage,
        PixelEvidence.NONE,
        3,
        2,
        0.5,
        0.25,
        null);
  }

  private static EncodedChunk clear(ChunkTask task) {
    long pixels = Windows.pixels(task.window());
    return chunk(task, new Coverage(pixels, 0L, 1L, pixels - 1, 0L, 0L));
  }

  private void send(EncodedChunk chunk) throws Exception {
    gate.processElement(chunk, 0);
  }

  private <T> List<T> side(OutputTag<T> tag) {
    Queue<StreamRecord<T>> records = gate.getSideOutput(tag);
    return records == null ? List.of() : records.stream().map(StreamRecord::getValue).toList();
  }

  @Test
  void chunksPassTogetherInRowOrderOnceAllAreThere() throws Exception {
    // given
    List<ChunkTask> tasks = new ArrayList<>(PLAN.chunks());
    assertThat(tasks).hasSize(6);
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed of the arrival: " + seed);
    Collections.shuffle(tasks, new Random(seed));

    // when
    for (ChunkTask task : tasks.subList(0, 5)) {
      send(clear(task));
    }
    assertThat(gate.extractOutputValues()).isEmpty();
    assertThat(side(Streams.ENCODED_SCENES)).isEmpty();
    send(clear(tasks.get(5)));

    // then
    assertThat(gate.extractOutputValues())
        .extracting(each -> new ChunkTask(each.plan(), each.column(), each.row()))
        .isEqualTo(PLAN.chunks());
    assertThat(side(Streams.ENCODED_SCENES))
        .singleElement()
        .satisfies(scene -> {
          assertThat(scene.read().coverage()).isEqualTo(new Coverage(512L, 0L, 6L, 506L, 0L, 0L));
          assertThat(scene.read().blocksDecoded()).isEqualTo(18);
          assertThat(scene.read().blocksDistinct()).isEqualTo(12);
        });
    assertThat(side(Streams.OUTCOMES)).isEmpty();
  }

  @Test
  void oneBrokenChunkRefusesTheWholeSceneAndTheNextOnePasses() throws Exception {
    // given
    List<ChunkTask> tasks = PLAN.chunks();
    SceneFailure broken =
        new SceneFailure(FailureReason.ASSET_UNREADABLE, "encode", "block 7 is truncated");

    // when
    for (ChunkTask task : tasks.subList(0, 5)) {
      send(clear(task));
    }
    send(EncodedChunk.failed(tasks.get(5), broken));

    // then
    assertThat(gate.extractOutputValues()).isEmpty();
    assertThat(side(Streams.OUTCOMES))
        .singleElement()
        .satisfies(outcome -> {
          assertThat(outcome.getResult()).isEqualTo(SceneResult.REFUSED);
          assertThat(outcome.getReason()).isEqualTo(FailureReason.ASSET_UNREADABLE);
        });
    assertThat(side(Streams.DEAD_LETTERS))
        .extracting(DeadLetter::getMessage)
        .containsExactly("block 7 is truncated");

    // and
    ScenePlan next =
        Scenes.plan(Scenes.scene(LocalDate.of(2021, 7, 6), new PixelWindow(0, 0, 16, 16)), 16);
    send(clear(next.chunks().getFirst()));
    assertThat(gate.extractOutputValues()).hasSize(1);
  }

  @Test
  void aSceneOfWhichNothingIsClearIsRefused() throws Exception {
    // when
    for (ChunkTask task : PLAN.chunks()) {
      long pixels = Windows.pixels(task.window());
      send(chunk(task, new Coverage(pixels, 0L, pixels, 0L, 0L, 0L)));
    }
    ScenePlan empty =
        Scenes.plan(Scenes.scene(LocalDate.of(2021, 7, 6), new PixelWindow(0, 0, 16, 16)), 16);
    send(chunk(empty.chunks().getFirst(), new Coverage(256L, 256L, 0L, 0L, 0L, 0L)));

    // then
    assertThat(gate.extractOutputValues()).isEmpty();
    assertThat(side(Streams.OUTCOMES))
        .extracting(SceneOutcome::getReason)
        .containsExactly(FailureReason.ALL_CLOUD, FailureReason.NO_VALID_PIXELS);
  }

  @Test
  void whatHasArrivedOutlivesARestart() throws Exception {
    // given
    for (ChunkTask task : PLAN.chunks().subList(0, 4)) {
      send(clear(task));
    }
    OperatorSubtaskState checkpoint = gate.snapshot(1, 1);
    gate.close();

    // when
    gate = harness();
    gate.initializeState(checkpoint);
    gate.open();
    for (ChunkTask task : PLAN.chunks().subList(4, 6)) {
      send(clear(task));
    }

    // then
    assertThat(gate.extractOutputValues()).hasSize(6);
  }

  /** 256 pixels of vegetation on a clear day, all reflectances shifted. */
  private static PixelEvidence forest(double shift, byte code) {
    byte[] quality = new byte[256];
    Arrays.fill(quality, code);
    float[][] bands = new float[5][256];
    double[] reflectance = {0.022, 0.042, 0.027, 0.352, 0.152};
    for (int band = 0; band < bands.length; band++) {
      float value = (float) Math.max(SceneReader.LEAST_REFLECTANCE, reflectance[band] + shift);
      Arrays.fill(bands[band], value);
    }
    return PixelEvidence.of(quality, bands[0], bands[1], bands[2], bands[3], bands[4]);
  }

  private EncodedChunk forestChunk(double shift, byte code, FailureReason... accepted) {
    SceneAvailable scene = Scenes.scene(LocalDate.of(2021, 7, 6), new PixelWindow(0, 0, 16, 16));
    scene.setSensor("sentinel-2-msi");
    scene.setAccepted(List.of(accepted));
    EncodedChunk whole = clear(Scenes.plan(scene, 16).chunks().getFirst());
    long clear = code == Quality.CLEAR ? 256 : 0;
    return new EncodedChunk(
        whole.plan(),
        0,
        0,
        whole.window(),
        "encoder",
        "features",
        "quality",
        new boolean[] {true},
        new Coverage(256L, 0L, 256 - clear, clear, 0L, 0L),
        forest(shift, code),
        1,
        1,
        0,
        0,
        null);
  }

  private void quarantinedFor(FailureReason reason, String evidence, String value) {
    assertThat(gate.extractOutputValues()).isEmpty();
    assertThat(side(Streams.OUTCOMES))
        .singleElement()
        .satisfies(outcome -> {
          assertThat(outcome.getResult()).isEqualTo(SceneResult.QUARANTINED);
          assertThat(outcome.getReason()).isEqualTo(reason);
        });
    assertThat(side(Streams.DEAD_LETTERS))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.getReason()).isEqualTo(reason);
          assertThat(letter.getEvidence()).containsEntry(evidence, value);
        });
  }

  @Test
  void anOffsetThatWasForgottenQuarantinesTheSceneWithWhatWasMeasured() throws Exception {
    // when: the haze test takes it for haze
    send(forestChunk(0.1, Quality.HAZE));

    // then
    quarantinedFor(
        FailureReason.RADIOMETRY_CONTRADICTED,
        "dark vegetation, blue",
        "0.120, expected below 0.09");
  }

  @Test
  void anOffsetThatWasTakenOffTwiceQuarantinesTheScene() throws Exception {
    // when
    send(forestChunk(-0.1, Quality.CLEAR));

    // then
    quarantinedFor(
        FailureReason.RADIOMETRY_CONTRADICTED,
        "black vegetation, red",
        "100 %, expected at most 15 %");
  }

  @Test
  void hazeOverAllThatIsClearIsSaidAndNotTakenForCloud() throws Exception {
    // when
    send(forestChunk(0.05, Quality.HAZE));

    // then
    quarantinedFor(FailureReason.HAZE, "of this hazy", "100.0 %, expected at most 95 %");
  }

  @Test
  void aSceneWithTheRightOffsetOrAnAcceptedFindingPasses() throws Exception {
    // when
    send(forestChunk(0, Quality.CLEAR));
    send(forestChunk(-0.1, Quality.CLEAR, FailureReason.RADIOMETRY_CONTRADICTED));

    // then
    assertThat(gate.extractOutputValues()).hasSize(2);
    assertThat(side(Streams.DEAD_LETTERS)).isEmpty();
  }
}
