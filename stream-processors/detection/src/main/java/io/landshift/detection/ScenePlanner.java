package io.landshift.detection;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Modality;
import io.landshift.schemas.ModelRelease;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import io.landshift.schemas.wire.EventCodec;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a scene up once, pins the model it will be seen with, checks what can be checked without
 * reading pixels, and sends its chunks on in row order.
 *
 * <p>Keyed by grid code. A scene that was already taken up in this or a later generation passes
 * without effect, so announcing twice is harmless.
 */
final class ScenePlanner
    extends KeyedBroadcastProcessFunction<String, SceneAvailable, ModelRelease, ChunkTask> {
  private static final Logger log = LoggerFactory.getLogger(ScenePlanner.class);

  /** The releases in service, by model name; one model is served at a time, under this key. */
  static final MapStateDescriptor<String, ModelRelease> RELEASES =
      new MapStateDescriptor<>("releases", Types.STRING, TypeInformation.of(ModelRelease.class));

  private static final String IN_SERVICE = "in-service";

  private final DetectionSettings settings;
  private transient MapState<String, TakenUp> takenUp;
  private transient Models models;

  /** How far a product has come: its newest generation, and the newest attempt at that. */
  public record TakenUp(long generation, int attempt) {
    boolean covers(SceneAvailable scene) {
      return generation > scene.getGeneration()
          || (generation == scene.getGeneration() && attempt >= scene.getAttempt());
    }
  }

  ScenePlanner(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    takenUp =
        getRuntimeContext()
            .getMapState(
                new MapStateDescriptor<>(
                    "taken-up", Types.STRING, TypeInformation.of(TakenUp.class)));
    models = new Models(settings);
  }

  @Override
  public void close() {
    if (models != null) {
      models.close();
    }
  }

  @Override
  public void processElement(
      SceneAvailable scene, ReadOnlyContext context, Collector<ChunkTask> out) throws Exception {
    TakenUp before = takenUp.get(scene.getProductId());
    if (before != null && before.covers(scene)) {
      log.debug("{} was taken up before", scene.getProductId());
      return;
    }
    takenUp.put(scene.getProductId(), new TakenUp(scene.getGeneration(), scene.getAttempt()));
    ModelRelease release = context.getBroadcastState(RELEASES).get(IN_SERVICE);
    String digest = release == null ? settings.modelDigest() : release.getDigest();
    String href = release == null ? settings.modelHref() : release.getHref();
    ScenePlan plan = new ScenePlan(scene, settings.chunkSize(), digest, href, Refusals.now());
    try {
      check(plan);
    } catch (RuntimeException e) {
      SceneFailure failure = SceneFailure.of("plan", e);
      context.output(Streams.OUTCOMES, Refusals.outcome(plan, nothingRead(scene), failure));
      context.output(Streams.DEAD_LETTERS, Refusals.deadLetter(scene, digest, failure));
      return;
    }
    plan.chunks().forEach(out::collect);
  }

  @Override
  public void processBroadcastElement(
      ModelRelease release, Context context, Collector<ChunkTask> out) throws Exception {
    try {
      Bundle bundle = models.tryOut(release.getHref(), release.getDigest());
      requireScoresOf(context.getBroadcastState(RELEASES).get(IN_SERVICE), bundle);
      ModelRelease taken = ModelRelease.newBuilder(release).setDigest(bundle.digest()).build();
      context.getBroadcastState(RELEASES).put(IN_SERVICE, taken);
      log.info("model {} {} is in service", release.getName(), bundle.digest());
    } catch (RuntimeException e) {
      // Every subtask hears of every release; one of them tells of it.
      if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
        SceneFailure failure = SceneFailure.of("release", e);
        log.error("release {} refused: {}", release.getName(), failure.message(), e);
        context.output(Streams.DEAD_LETTERS, refused(release, failure));
      }
    }
  }

  /** What is kept for a chunk is kept by score: a bundle with others cannot go on from it. */
  private void requireScoresOf(@Nullable ModelRelease inService, Bundle bundle) {
    Bundle before =
        inService == null
            ? models.load(settings.modelHref(), settings.modelDigest())
            : models.load(inService.getHref(), inService.getDigest());
    List<String> old = scores(before);
    if (!scores(bundle).equals(old)) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          "the bundle has the scores %s, the one in service has %s: start it on a store of its own"
              .formatted(scores(bundle), old));
    }
  }

  private static List<String> scores(Bundle bundle) {
    return bundle.manifest().scores().stream().map(BundleManifest.Score::name).toList();
  }

  private void check(ScenePlan plan) {
    SceneAvailable scene = plan.scene();
    SceneChecks.require(scene, settings.rules().maxPixels());
    Bundle bundle = models.load(plan.modelHref(), plan.modelDigest());
    requireModality(bundle.manifest(), scene);
    BandPlan.of(bundle.manifest(), scene).requireAll(scene.getProductId());
    BandPlan.of(models.maskManifest(plan), scene).requireAll(scene.getProductId());
  }

  /** A scene of another instrument waits for the model that takes it. */
  private static void requireModality(BundleManifest manifest, SceneAvailable scene) {
    Set<Modality> served = EnumSet.noneOf(Modality.class);
    manifest.inputs().forEach(group -> served.add(group.modality()));
    Set<Modality> seen = EnumSet.noneOf(Modality.class);
    scene.getBands().forEach(band -> seen.add(band.getModality()));
    if (!seen.isEmpty() && Collections.disjoint(served, seen)) {
      throw new LandshiftException(
          FailureReason.MODALITY_NOT_SERVED,
          "%s was seen by %s, and the model in service (%s) takes %s: release a model that takes it, then replay the scene (landshift dead-letters replay)"
              .formatted(scene.getProductId(), seen, manifest.name(), served));
    }
  }

  private static FoldedScene.ReadReport nothingRead(SceneAvailable scene) {
    PixelWindow window = scene.getWindow();
    long pixels = Windows.isEmpty(window) ? 0 : (long) window.getWidth() * window.getHeight();
    return new FoldedScene.ReadReport(new Coverage(pixels, 0L, 0L, 0L, 0L, 0L), 0, 0, 0, 0);
  }

  private static DeadLetter refused(ModelRelease release, SceneFailure failure) {
    return DeadLetter.newBuilder()
        .setReason(failure.reason())
        .setStage(failure.stage())
        .setMessage(failure.message())
        .setSourceTopic("model-releases")
        .setPayload(ByteBuffer.wrap(EventCodec.embedded().encode(release)))
        .setModelDigest(release.getDigest())
        .setFailedAt(Refusals.now())
        .build();
  }
}
