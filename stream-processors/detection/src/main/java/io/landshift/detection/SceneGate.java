package io.landshift.detection;

import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.SceneAvailable;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Holds a scene's encoded chunks back until all are there, and lets them pass together or not at
 * all: a scene that turns out broken in its last block, or whose pixels contradict what it states,
 * has changed nothing.
 *
 * <p>Keyed by grid code and not by scene, so that the scenes of a grid stay in the order in which
 * they came: chunks would otherwise see them out of order, and fold twice.
 */
final class SceneGate extends KeyedProcessFunction<String, EncodedChunk, EncodedChunk> {
  private transient MapState<String, EncodedChunk> arrived;
  private transient MapState<String, Integer> counts;

  @Override
  public void open(OpenContext context) {
    arrived =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "arrived", Types.STRING, TypeInformation.of(EncodedChunk.class)));
    counts =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("counts", Types.STRING, Types.INT));
  }

  @Override
  public void processElement(EncodedChunk chunk, Context context, Collector<EncodedChunk> out)
      throws Exception {
    ScenePlan plan = chunk.plan();
    String scene = plan.ref().key();
    arrived.put(scene + '|' + chunk.chunkKey(), chunk);
    int count = counts.contains(scene) ? counts.get(scene) + 1 : 1;
    if (count < plan.chunkCount()) {
      counts.put(scene, count);
      return;
    }
    counts.remove(scene);
    List<EncodedChunk> chunks = takeAll(scene);
    FoldedScene.ReadReport report = report(chunks);
    SceneFailure failure = failureOf(plan.scene(), chunks, report.coverage());
    if (failure != null) {
      Refusals.refuse(context, plan, report, failure);
      return;
    }
    context.output(
        Streams.ENCODED_SCENES, new EncodedScene(plan, report, Clock.systemUTC().instant()));
    chunks.forEach(out::collect);
  }

  /** The chunks of a scene in row order, which are then forgotten. */
  private List<EncodedChunk> takeAll(String scene) throws Exception {
    List<EncodedChunk> chunks = new ArrayList<>();
    for (EncodedChunk chunk : arrived.values()) {
      if (chunk.plan().ref().key().equals(scene)) {
        chunks.add(chunk);
      }
    }
    for (EncodedChunk chunk : chunks) {
      arrived.remove(scene + '|' + chunk.chunkKey());
    }
    chunks.sort(Comparator.comparingInt(EncodedChunk::row).thenComparingInt(EncodedChunk::column));
    return chunks;
  }

  private static @Nullable SceneFailure failureOf(
      SceneAvailable scene, List<EncodedChunk> chunks, Coverage coverage) {
    PixelEvidence evidence = PixelEvidence.NONE;
    for (EncodedChunk chunk : chunks) {
      if (chunk.failure() != null) {
        return chunk.failure();
      }
      evidence = evidence.plus(chunk.evidence());
    }
    if (coverage.getNodata() == coverage.getPixels()) {
      return new SceneFailure(
          FailureReason.NO_VALID_PIXELS, "encode", "every pixel of the scene is nodata or NaN");
    }
    SceneFailure finding = PixelFindings.of(scene, evidence);
    if (finding != null) {
      return finding;
    }
    if (coverage.getClear() == 0) {
      return new SceneFailure(
          FailureReason.ALL_CLOUD, "encode", "no pixel of the scene is clear: nothing was seen");
    }
    return null;
  }

  private static FoldedScene.ReadReport report(List<EncodedChunk> chunks) {
    long pixels = 0;
    long nodata = 0;
    long masked = 0;
    long clear = 0;
    long decoded = 0;
    long distinct = 0;
    double read = 0;
    double encode = 0;
    for (EncodedChunk chunk : chunks) {
      pixels += chunk.coverage().getPixels();
      nodata += chunk.coverage().getNodata();
      masked += chunk.coverage().getMasked();
      clear += chunk.coverage().getClear();
      decoded += chunk.blocksDecoded();
      distinct += chunk.blocksDistinct();
      read += chunk.readSeconds();
      encode += chunk.encodeSeconds();
    }
    Coverage coverage = new Coverage(pixels, nodata, masked, clear, 0L, 0L);
    return new FoldedScene.ReadReport(coverage, decoded, distinct, read, encode);
  }
}
