package io.landshift.detection;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.SceneOutcome;
import io.landshift.schemas.StageTimes;
import io.landshift.schemas.wire.EventCodec;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells of a scene that goes no further: one outcome and one dead letter, with the same reason. */
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  static void refuse(
      KeyedProcessFunction<?, ?, ?>.Context context,
      ScenePlan plan,
      FoldedScene.ReadReport report,
      SceneFailure failure) {
    context.output(Streams.OUTCOMES, outcome(plan, report, failure));
    context.output(Streams.DEAD_LETTERS, deadLetter(plan.scene(), plan.modelDigest(), failure));
  }

  static SceneOutcome outcome(ScenePlan plan, FoldedScene.ReadReport report, SceneFailure failure) {
    SceneAvailable scene = plan.scene();
    // A cloudy day is no news.
    log.atLevel(failure.reason() == FailureReason.ALL_CLOUD ? Level.INFO : Level.WARN)
        .log("{} {}: {}", scene.getProductId(), failure.reason(), failure.message());
    return SceneOutcome.newBuilder()
        .setGridCode(scene.getGrid().getCode())
        .setProductId(scene.getProductId())
        .setGeneration(scene.getGeneration())
        .setSensingTime(scene.getSensingTime())
        .setResult(failure.result())
        .setReason(failure.reason())
        .setMessage(failure.message())
        .setCoverage(report.coverage())
        .setScores(List.of())
        .setModelDigest(plan.modelDigest())
        .setChunks(failure.stage().equals("plan") ? 0 : plan.chunkCount())
        .setBlocksDecoded(report.blocksDecoded())
        .setBlocksDistinct(report.blocksDistinct())
        .setSeconds(Map.of("read", report.readSeconds(), "encode", report.encodeSeconds()))
        .setTimes(times(plan, null))
        .build();
  }

  /** The outcome of a scene that had come to its end, but could not be kept. */
  static SceneOutcome undone(SceneOutcome outcome, SceneFailure failure) {
    return SceneOutcome.newBuilder(outcome)
        .setResult(failure.result())
        .setReason(failure.reason())
        .setMessage(failure.message())
        .setProducts(Map.of())
        .setItemHref(null)
        .build();
  }

  static StageTimes times(ScenePlan plan, @Nullable FoldedScene folded) {
    SceneAvailable scene = plan.scene();
    Instant encoded = folded == null ? null : folded.encoded();
    Instant foldedAt = folded == null ? null : folded.folded();
    Instant assembled = folded == null ? null : now();
    return new StageTimes(
        scene.getSensingTime(),
        scene.getAnnouncedAt(),
        plan.planned(),
        encoded,
        foldedAt,
        assembled);
  }

  static DeadLetter deadLetter(SceneAvailable scene, String modelDigest, SceneFailure failure) {
    return DeadLetter.newBuilder()
        .setReason(failure.reason())
        .setStage(failure.stage())
        .setMessage(failure.message())
        .setEvidence(failure.evidence())
        .setGridCode(scene.getGrid().getCode())
        .setProductId(scene.getProductId())
        .setGeneration(scene.getGeneration())
        .setSourceTopic("scenes")
        .setPayload(ByteBuffer.wrap(EventCodec.embedded().encode(scene)))
        .setModelDigest(modelDigest)
        .setFailedAt(now())
        .build();
  }

  /** Milliseconds are what the events carry. */
  static Instant now() {
    return Instant.ofEpochMilli(Clock.systemUTC().millis());
  }
}
