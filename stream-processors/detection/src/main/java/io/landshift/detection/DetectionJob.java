package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.Detection;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * The graph from announced scene to detection; where the scenes come from and where the results go
 * is the caller's.
 *
 * <p>Flink coordinates, workers compute, stores hold pixels, state holds pointers. Every operator
 * has a fixed uid, so that a savepoint fits a later version of the job.
 */
public final class DetectionJob {
  private static final int PATIENCE_MINUTES = 60;

  private DetectionJob() {}

  /**
   * What the job says.
   *
   * @param detections snapshots of objects, in sensing order for each object
   * @param outcomes one for each scene, and again when a late scene corrects it
   * @param deadLetters what could not be processed, and why
   */
  public record Results(
      DataStream<Detection> detections,
      DataStream<SceneOutcome> outcomes,
      DataStream<DeadLetter> deadLetters) {}

  /**
   * Adds the operators to the environment of {@code scenes}.
   *
   * @param scenes bounded or not, in any order
   * @param releases the models to put into service while the job runs
   */
  public static Results build(
      DataStream<SceneAvailable> scenes,
      DataStream<ModelRelease> releases,
      DetectionSettings settings) {
    SingleOutputStreamOperator<ChunkTask> tasks =
        named(
            scenes
                .keyBy(scene -> scene.getGrid().getCode())
                .connect(releases.broadcast(ScenePlanner.RELEASES))
                .process(new ScenePlanner(settings)),
            "plan-scene");
    SingleOutputStreamOperator<EncodedChunk> encoded =
        named(
            AsyncDataStream.orderedWait(
                tasks.keyBy(task -> task.plan().ref().gridCode()),
                new EncodeFunction(settings),
                PATIENCE_MINUTES,
                TimeUnit.MINUTES,
                settings.chunksInFlight()),
            "encode-chunk");
    SingleOutputStreamOperator<EncodedChunk> whole =
        named(
            encoded.keyBy(chunk -> chunk.plan().ref().gridCode()).process(new SceneGate()),
            "gate-scene");
    SingleOutputStreamOperator<FoldedChunk> folded =
        named(whole.keyBy(EncodedChunk::chunkKey).process(new ChunkFolder(settings)), "fold-chunk");
    SingleOutputStreamOperator<FoldedScene> complete =
        named(
            whole
                .getSideOutput(Streams.ENCODED_SCENES)
                .keyBy(scene -> scene.plan().ref().gridCode())
                .connect(folded.keyBy(chunk -> chunk.scene().gridCode()))
                .process(new SceneCollector()),
            "collect-scene");
    SingleOutputStreamOperator<AssembledScene> assembled =
        named(
            AsyncDataStream.orderedWait(
                complete.keyBy(scene -> scene.plan().ref().gridCode()),
                new AssembleFunction(settings),
                PATIENCE_MINUTES,
                TimeUnit.MINUTES,
                settings.scenesInAssembly()),
            "assemble-scene");
    SingleOutputStreamOperator<Detection> detections =
        named(
            assembled
                .keyBy(scene -> scene.plan().ref().gridCode())
                .process(new TrackObjects(settings)),
            "track-objects");
    DataStream<SceneOutcome> outcomes =
        tasks
            .getSideOutput(Streams.OUTCOMES)
            .union(
                whole.getSideOutput(Streams.OUTCOMES), detections.getSideOutput(Streams.OUTCOMES));
    DataStream<DeadLetter> deadLetters =
        tasks
            .getSideOutput(Streams.DEAD_LETTERS)
            .union(
                whole.getSideOutput(Streams.DEAD_LETTERS),
                detections.getSideOutput(Streams.DEAD_LETTERS));
    return new Results(
        detections, outcomes, named(deadLetters.map(new FailureCounts()), "count-failures"));
  }

  private static <T> SingleOutputStreamOperator<T> named(
      SingleOutputStreamOperator<T> operator, String name) {
    return operator.name(name).uid(name);
  }
}
